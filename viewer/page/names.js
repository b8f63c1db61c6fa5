// Names for people: C++ template arguments and parameters folded, characters that could deceive
// made visible, and text shortened so that the method's own name survives.

const kSymbols = ['()', '[]', '<=>', '<<=', '>>=', '->*', '<<', '>>', '->', '<=', '>=', '<', '>'];
const kMaxShown = 400;  // no box is wider than that
const kMaxSelf = 5000;  // a type nests no deeper

/** @param {string} text @param {number} at */
function isWordBefore(text, at) {
  return at > 0 && /[\w$\])>}]/.test(text[at - 1]);
}

// Where the bracket at `at` closes (one past it), or -1. Angle brackets inside parentheses are
// comparisons as likely as templates: there only parentheses are counted.
/** @param {string} text @param {number} at @returns {number} */
function closing(text, at) {
  const open = text[at];
  const close = open === '<' ? '>' : open === '(' ? ')' : open === '{' ? '}' : ']';
  for (let i = at + 1, depth = 1; i < text.length; ++i) {
    const c = text[i];
    if (open === '<' && c === '(') {
      i = closing(text, i) - 1;
      if (i < 0) return -1;
    } else if (c === 'o' && open === '<' && text.startsWith('operator', i)) {
      i += 7 + symbolLength(text, i + 8);
    } else if (c === open) {
      ++depth;
    } else if (c === close && !(c === '>' && text[i - 1] === '-')) {
      if (--depth === 0) return i + 1;
    }
  }
  return -1;
}

// Of the operator whose symbol starts at `at`: 0 for words, as in `operator new`.
/** @param {string} text @param {number} at */
function symbolLength(text, at) {
  const symbol = kSymbols.find((s) => text.startsWith(s, at));
  return symbol ? symbol.length : 0;
}

/** @param {string} text @param {number} at */
function isOperatorAt(text, at) {
  return text.startsWith('operator', at) && !/\w/.test(text[at - 1] ?? ' ') &&
    !/\w/.test(text[at + 8] ?? ' ');
}

// What to show for the bracket that spans [at, end).
/** @param {string} text @param {number} at @param {number} end */
function folded(text, at, end) {
  const inside = text.slice(at + 1, end - 1);
  switch (text[at]) {
    case '<': return '<…>';
    case '(': return inside === 'anonymous namespace' ? '(anonymous)' : inside === '' ? '()' : '(…)';
    case '{': return '{' + inside.replace(/\(.*\)/s, '') + '}';
    default: return /^(abi:|clone )/.test(inside) ? '' : `[${inside}]`;
  }
}

// `operator` with its symbol or type, at `at`.
/** @param {string} name @param {number} at @returns {string} */
function operatorName(name, at) {
  const length = 8 + symbolLength(name, at + 8);
  if (length > 8) return name.slice(at, at + length) + (name.startsWith(' <', at + length) ? ' ' : '');
  return name.slice(at, at + 8) + (/^[^(<]*/.exec(name.slice(at + 8))?.[0] ?? '');
}

// Rust's `f::<T>` is what others call `f<T>`, its `<Store as Trait>::put` a method of Store.
/** @param {string} text @returns {string} */
function plainName(text) {
  const name = text.replace(/::<(?!lambda)/g, '<');
  const self = name[0] === '<' ? closing(name, 0) : -1;
  if (self < 0 || self > kMaxSelf || !name.startsWith('::', self)) return name;
  return foldName(name.slice(1, self - 1)).replace(/ (as|\+) .*/s, '') + name.slice(self);
}

// `unsigned long llvm::Vec<clang::Decl*>::grow<int>(int) const` -> `llvm::Vec<…>::grow<…>(…)`
/** @param {string} text @returns {string} */
export function foldName(text) {
  const name = plainName(text);
  let out = '';
  let start = 0;  // of the name proper, behind the return type
  let afterOperator = false;
  const unclosed = new Set();  // brackets that are known not to close: looked for once
  for (let i = 0; i < name.length;) {
    const c = name[i];
    if (c === 'o' && isOperatorAt(name, i)) {
      const operator = operatorName(name, i);
      out += operator;
      i += operator.length;
      afterOperator = true;
      continue;
    }
    const isAnonymous = name.startsWith('(anonymous namespace)', i);
    const opens = c === '{' || isAnonymous || ('<(['.includes(c) && (afterOperator || isWordBefore(name, i)));
    const end = opens && !unclosed.has(c) ? closing(name, i) : -1;
    if (end > 0) {
      out += folded(name, i, end);
      i = end;
      // Behind the parameters stand const and clones: nothing to know at a glance.
      if (c === '(' && !isAnonymous && !name.startsWith('::', end)) return out.slice(start);
      continue;
    }
    if (opens) unclosed.add(c);
    out += c;
    ++i;
    if (c !== ' ') afterOperator = false;
    else start = out.length;
  }
  return out;
}

// Control characters and those that reorder or hide text, as escapes.
/** @param {string} text @returns {string} */
export function visible(text) {
  const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
  return text.replace(hidden, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

// A folded name cut at its `::`, brackets left alone; Python's `row[::2]` is none.
/** @param {string} name */
function parts(name) {
  return name.split(/["'[].*::/.test(name) ? '\n' : '::').filter(Boolean);
}

// At most `room` characters of a folded name; the method's name goes last. '' when nothing of use
// fits.
/** @param {string} name @param {number} room @returns {string} */
export function elide(name, room) {
  if (name.length <= room) return name;
  if (room < 3) return '';
  const pieces = parts(name);
  while (pieces.length > 1) {
    pieces.shift();
    const shorter = pieces.join('::');
    if (shorter.length <= room) return shorter;
  }
  const last = pieces[0] ?? name;
  const bare = last.replace(/^([\w~$ ]+)(<…>|\(…\)|\(\))+$/, '$1');
  return bare.length <= room ? bare : bare.slice(0, room - 1) + '…';
}

// What a box shows of a function, before it is cut to the box.
/** @param {string} name @returns {string} */
export function shortName(name) {
  const cut = name.length > 20000 ? name.slice(0, 20000) : name;
  const short = visible(foldName(cut));
  return short.length > kMaxShown ? elide(short, kMaxShown) : short;
}

// The last part of a path, of extension modules without the Python that they were built for.
/** @param {string} path @returns {string} */
export function baseName(path) {
  return path.replace(/.*\/|\.cpython-.*(?=\.so)/gs, '');
}

// `file.cc:31`, or what is known of it.
/** @param {string} file @param {number} line */
export function placeOf(file, line) {
  return file === '' ? '' : line > 0 ? `${file}:${line}` : file;
}

// Where a frame stands, beside its name: the line, else the module, unless `module+0x…` names it.
/** @param {import('./texts.js').Frame} frame @returns {string} */
export function placeBeside({ function: name, file, line, module }) {
  return placeOf(file, line) || (name.includes('+0x') ? '' : module);
}

// A file of Python lies in its module; native code has its source elsewhere.
/** @param {import('./texts.js').Frame} frame */
export const isPython = ({ file, module }) => file !== '' && (file + '/').startsWith(module && module + '/');

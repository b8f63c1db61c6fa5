import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseName, elide, foldName, placeOf, shortName, visible } from '../../viewer/page/names.js';

/** @type {[string, string][]} */
const kFolded = [
  ['main', 'main'],
  ['malloc', 'malloc'],
  ['libfoo.so+0x1234', 'libfoo.so+0x1234'],
  ['foo()', 'foo()'],
  ['foo(int, char const*)', 'foo(…)'],
  ['std::vector<int, std::allocator<int> >::push_back(int const&)', 'std::vector<…>::push_back(…)'],
  ['unsigned long llvm::Vec<clang::Decl*>::grow<int>(int) const', 'llvm::Vec<…>::grow<…>(…)'],
  ['std::vector<A<B>, C> make<D>(E)', 'make<…>(…)'],
  ['operator new(unsigned long)', 'operator new(…)'],
  ['operator new[](unsigned long)', 'operator new[](…)'],
  ['Foo::operator()(int*)', 'Foo::operator()(…)'],
  ['bool operator<(A<B> const&, A<B> const&)', 'operator<(…)'],
  ['std::ostream& operator<< <char>(std::ostream&, char)', 'operator<< <…>(…)'],
  ['A::operator->() const', 'A::operator->()'],
  ['Foo::operator unsigned long() const', 'Foo::operator unsigned long()'],
  ['Less<&A::operator< >::f(int)', 'Less<…>::f(…)'],
  ['(anonymous namespace)::run(int)', '(anonymous)::run(…)'],
  ['void (anonymous namespace)::run<int>(int)', '(anonymous)::run<…>(…)'],
  ['main::{lambda(int)#1}::operator()(int) const', 'main::{lambda#1}::operator()(…)'],
  ['f(int)::{lambda()#2}::operator()() const', 'f(…)::{lambda#2}::operator()()'],
  ['std::string f[abi:cxx11](int)', 'f(…)'],
  ['f(int) [clone .cold]', 'f(…)'],
  ['operators::apply(int)', 'operators::apply(…)'],
  ['<module>', '<module>'],
  ['Thing.<locals>.<lambda>', 'Thing.<locals>.<lambda>'],
  ['alloc::vec::Vec<T>::push', 'alloc::vec::Vec<…>::push'],
  ['<app::TreeStore as app::Store>::put', 'app::TreeStore::put'],
  ['<alloc::vec::Vec<T> as core::iter::FromIterator<T>>::from_iter', 'alloc::vec::Vec<…>::from_iter'],
  ['<alloc::boxed::Box<dyn Fn<(), Output = ()> + Send> as Fn<()>>::call', 'alloc::boxed::Box<…>::call'],
  ['<<I as IntoIterator>::Item as Clone>::clone', 'I::Item::clone'],
  ['<dyn core::any::Any + core::marker::Send>::downcast::<T>', 'dyn core::any::Any::downcast<…>'],
  ['<alloc::raw_vec::RawVec<u8>>::reserve::grow::<alloc::Global>', 'alloc::raw_vec::RawVec<…>::reserve::grow<…>'],
  ['alloc::slice::<impl [T]>::to_vec', 'alloc::slice<…>::to_vec'],
  ['app::main::{{closure}}', 'app::main::{{closure}}'],
  ['main()::<lambda(int)>', 'main()::<lambda(…)'],
  ['f<(A > B)>(int)', 'f<…>(…)'],
  ['broken<unclosed', 'broken<unclosed'],
  ['broken(unclosed', 'broken(unclosed'],
  ['(unknown)', '(unknown)'],
  ['', ''],
];

for (const [name, folded] of kFolded) {
  test(`${name || 'the empty name'} folds to ${folded}`, () => assert.equal(foldName(name), folded));
}

test('ElidedNamesKeepTheMethodAsLongAsAnythingFits', () => {
  const name = 'llvm::SmallVectorImpl<…>::push_back(…)';
  assert.equal(elide(name, 100), name);
  assert.equal(elide(name, 34), 'SmallVectorImpl<…>::push_back(…)');
  assert.equal(elide(name, 12), 'push_back(…)');
  assert.equal(elide(name, 9), 'push_back');
  assert.equal(elide(name, 6), 'push_…');
  assert.equal(elide(name, 2), '');
  assert.equal(elide('return [row[::2], "std::string"]', 14), 'return [row[:…');
});

test('ElidedNamesAreNeverLongerThanTheirRoom', () => {
  for (const [, folded] of kFolded) {
    for (let room = 0; room < 40; ++room) assert.ok(elide(folded, room).length <= room);
  }
});

test('CharactersThatHideOrReorderAreShownAsEscapes', () => {
  assert.equal(visible('a\u0000b\u202ec\nd'), 'a\\u0000b\\u202ec\\u000ad');
  assert.equal(visible('plain ünïcode 漢字'), 'plain ünïcode 漢字');
});

test('NamesOfAHundredKilobytesFoldInLinearTime', () => {
  const start = performance.now();
  shortName('x'.repeat(100_000));
  shortName('<'.repeat(100_000));
  shortName('a<'.repeat(50_000));
  shortName('a('.repeat(50_000));
  foldName('<'.repeat(25_000) + '>::a'.repeat(25_000));
  assert.ok(performance.now() - start < 2000);
});

test('PlacesShowWhatIsKnown', () => {
  assert.equal(placeOf('a.cc', 3), 'a.cc:3');
  assert.equal(placeOf('a.cc', 0), 'a.cc');
  assert.equal(placeOf('', 3), '');
  assert.equal(baseName('/a/b.cc'), 'b.cc');
  assert.equal(baseName('/x/_json.cpython-311-x86_64-linux-gnu.so'), '_json.so');
  assert.equal(baseName('/x/_rust.abi3.so'), '_rust.abi3.so');
});

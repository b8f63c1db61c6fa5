// A short list of rules, each an error: what tsc cannot see.
const rules = {
  'array-callback-return': 'error',
  'complexity': ['error', 16],
  'consistent-return': 'off',
  'eqeqeq': 'error',
  'max-depth': ['error', 4],
  'max-lines': ['error', { max: 250 }],
  'max-lines-per-function': ['error', { max: 70 }],
  'no-alert': 'error',
  'no-console': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-loss-of-precision': 'error',
  'no-param-reassign': 'error',
  'no-restricted-properties': ['error',
    { property: 'innerHTML', message: 'what a profile says is text' },
    { property: 'outerHTML', message: 'what a profile says is text' },
    { property: 'insertAdjacentHTML', message: 'what a profile says is text' }],
  'no-shadow': 'error',
  'no-undef-init': 'error',
  'no-unreachable': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
};

export default [
  { ignores: ['**/node_modules/**'] },
  { files: ['**/*.js', '**/*.mjs'], languageOptions: { ecmaVersion: 2022, sourceType: 'module' }, rules },
];

import tseslint from 'typescript-eslint';

/** Who may import whom. A lib not listed on a line is out of that room's reach. */
export const rooms = {
  'libs/encoding': [],
  'libs/attestation': ['encoding'],
  'libs/tlog': ['encoding'],
  'libs/consensus': ['encoding'],
  'libs/manifest': ['encoding'],
  'libs/divergence': ['encoding', 'manifest'],
  'libs/selection': ['encoding'],
  'libs/contracts': ['encoding', 'attestation', 'consensus', 'divergence', 'selection'],
  'libs/evidence': ['encoding', 'attestation', 'tlog', 'consensus', 'contracts'],
  'libs/verifier': ['attestation'],
  'libs/nns': ['encoding'],
  'libs/icos': ['encoding', 'image'],
  'libs/image': ['encoding', 'manifest'],
  'libs/provenance': ['encoding'],
  'libs/fingerprint': ['encoding'],
  'libs/persistence': ['encoding', 'attestation', 'tlog', 'consensus'],
  'libs/messaging': ['encoding', 'contracts'],
  'libs/nats-authority': ['encoding', 'contracts'],
  'libs/platform': ['encoding', 'contracts'],
  'libs/embedded': [],
  // Everything may be tested with; only specs import it, so no other row names it.
  'libs/testing': [
    ...['encoding', 'attestation', 'tlog', 'consensus', 'contracts', 'nns', 'icos', 'image'],
    ...['provenance', 'fingerprint', 'persistence', 'messaging', 'platform', 'embedded'],
    ...['evidence', 'verifier', 'manifest', 'divergence', 'selection', 'nats-authority'],
    ...['api-client'],
  ],
  'services/coordinator': [
    ...['encoding', 'attestation', 'tlog', 'consensus', 'contracts', 'manifest', 'divergence'],
    ...['evidence', 'verifier', 'nns', 'icos', 'persistence', 'messaging', 'platform', 'embedded'],
    ...['selection', 'nats-authority'],
  ],
  'services/builder-agent': [
    ...['encoding', 'attestation', 'tlog', 'consensus', 'contracts', 'manifest'],
    ...['evidence', 'verifier', 'nns', 'icos', 'image', 'fingerprint', 'messaging', 'platform'],
  ],
  'libs/api-client': ['contracts'],
  'services/dashboard': [
    ...['encoding', 'attestation', 'tlog', 'consensus', 'contracts', 'evidence', 'nns'],
  ],
  'services/cli': [
    ...['encoding', 'attestation', 'tlog', 'consensus', 'contracts', 'manifest', 'divergence'],
    ...['evidence', 'verifier', 'nns', 'icos', 'image', 'provenance', 'fingerprint'],
  ],
};
/** Rooms that compute and do nothing else: no framework, clock, disk, wire or randomness. */
export const pure = [
  'libs/encoding',
  'libs/attestation',
  'libs/tlog',
  'libs/consensus',
  'libs/manifest',
  'libs/divergence',
  'libs/selection',
  'libs/contracts',
  'libs/evidence',
];

const boundary = ([room, allowed]) => ({
  files: [`${room}/src/**/*.{ts,tsx}`],
  // The test runner loads its set-up without the `source` condition, so that one goes by path.
  ignores: ['**/*.spec.{ts,tsx}', 'libs/testing/src/global-setup.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^#libs/(?!(${allowed.join('|') || '-'})$)`,
            message: `${room} may import: ${allowed.join(', ') || 'no lib'}`,
          },
          {
            regex: '^\\.\\./.*(/src/|(libs|services|e2e)/)',
            message: 'Cross a boundary by its #libs name.',
          },
          ...(room === 'services/cli'
            ? [{ regex: '^@nestjs/', message: 'The command line starts without Nest.' }]
            : []),
          ...(pure.includes(room)
            ? [
                {
                  regex:
                    '^(@nestjs/|typeorm$|pg$|@nats-io/|rxjs|execa|node:(?!crypto$)|(fs|path|os|net|http|https|child_process|timers|process|worker_threads)(/|$))',
                  message: `${room} is pure.`,
                },
              ]
            : []),
        ],
      },
    ],
    ...(pure.includes(room) && {
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'fetch',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'console',
          'performance',
          'globalThis',
          'crypto',
        ],
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now' },
        { object: 'Math', property: 'random' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is an argument.',
        },
        {
          selector: "CallExpression[callee.name='Date']",
          message: 'Time is an argument.',
        },
        {
          selector: 'ImportSpecifier[imported.name=/^random/]',
          message: 'Chance is an argument.',
        },
        {
          selector:
            "ImportDeclaration[source.value='node:crypto'] > :not(ImportSpecifier, Literal)",
          message: 'Name what is taken of node:crypto: chance is not.',
        },
        { selector: 'ImportExpression', message: `${room} is pure.` },
      ],
    }),
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.tools/', 'data/', 'out/', '**/*.js'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'off',
      'max-lines': ['error', { max: 300, skipComments: false, skipBlankLines: false }],
      'no-console': 'error',
      // Nest's option types are classes in name only: everybody passes literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['**/*.spec.ts', 'e2e/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: { 'max-lines': ['error', { max: 400 }] },
  },
  {
    // Only a service's own entry reads the environment.
    files: ['{libs,services}/**/*.ts'],
    ignores: [
      ...['**/*.spec.ts', 'services/*/src/*main.ts', 'services/cli/src/**'],
      ...['libs/embedded/**', 'libs/testing/**'],
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Configuration is read once, in main.ts.',
        },
      ],
    },
  },
  ...Object.entries(rooms).map(boundary),
);

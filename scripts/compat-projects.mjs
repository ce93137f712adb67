// The projects of `npm run test:compat`: what each installs, and what is run there.
import { mistakesAreSaid, onlyForgottenFailed, onlyUnawaresFailed } from './compat-reports.mjs'

const TSC = ['node_modules/typescript-5/bin/tsc', '-p', '.']
const VITEST = ['node_modules/vitest/vitest.mjs', 'run']

/** The steps of a runner: what is run with the project's Node, and what makes it pass besides its exit code. */
const vitest = (...files) => ({
  fixture: 'vitest',
  type: 'module',
  steps: {
    suite: {
      args: ['node_modules/vitest/vitest.mjs', 'run', 'contract', ...(files.length ? files : ['suite'])],
    },
    forgotten: {
      args: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=forgotten.json'],
      env: { FORGOTTEN: '1' },
      after: onlyForgottenFailed,
    },
    // A set-up file runs again for the second file of a worker; what it imports does not.
    'forgotten, one worker': {
      args: [
        ...['node_modules/vitest/vitest.mjs', 'run', '--no-isolate', '--no-file-parallelism'],
        ...['--reporter=json', '--outputFile=forgotten.json'],
      ],
      env: { FORGOTTEN: '1' },
      after: onlyForgottenFailed,
    },
  },
  types: {
    head: "import 'expect-cors/vitest'\nimport { expect } from 'vitest'",
    types: ['node'],
  },
})

const jest = (major) => {
  const step = (setup, flags = []) => ({
    args: [...flags, 'node_modules/jest/bin/jest.js', '--no-cache'],
    env: { SETUP: setup },
  })
  const esm = ['--experimental-vm-modules', '--no-warnings']
  return {
    fixture: 'jest',
    type: 'commonjs',
    packages: [
      ...['jest', '@jest/globals', '@types/jest', 'expect', 'babel-jest', 'jest-environment-jsdom'].map(
        (name) => `${name}@${major}`,
      ),
      'jest-fixed-jsdom@0.0.11',
      ...['@babel/core@7', '@babel/preset-env@7', '@babel/preset-typescript@7'],
      ...['ts-jest@29', 'typescript@5.9', '@swc/core@1', '@swc/jest@0.2', 'esbuild@0.28'],
    ],
    steps: {
      babel: step('babel'),
      'babel, @jest/globals': step('babel globals'),
      'ts-jest': step('ts-jest'),
      'ts-jest, @jest/globals': step('ts-jest globals'),
      'ts-jest, node10': step('node10'),
      swc: step('swc'),
      'swc, @jest/globals': step('swc globals'),
      esm: step('esm', esm),
      'esm, @jest/globals': step('esm globals', esm),
      jsdom: step('jsdom'),
      'jsdom without Node’s globals': step('lacking'),
      'compiled imports': { args: ['--test', 'compiled-imports.cjs'] },
      docs: {
        args: ['node_modules/jest/bin/jest.js', '--no-cache', '--config', 'docs/jest/jest.config.cjs'],
      },
      'docs, @jest/globals': {
        args: [
          'node_modules/jest/bin/jest.js',
          '--no-cache',
          '--config',
          'docs/jest-globals/jest.config.cjs',
        ],
      },
      forgotten: {
        args: ['node_modules/jest/bin/jest.js', '--no-cache', '--json', '--outputFile=forgotten.json'],
        env: { SETUP: 'forgotten' },
        after: onlyForgottenFailed,
      },
      mistakes: { ...step('mistakes'), after: mistakesAreSaid },
      'types of mistakes': { args: TSC },
    },
    types: {
      global: { head: "import 'expect-cors/jest'", types: ['node', 'jest'] },
      '@jest/globals': {
        head: "import 'expect-cors/jest-globals'\nimport { expect } from '@jest/globals'",
        types: ['node'],
      },
    },
  }
}

const nodeTest = (major, steps = {}) => ({
  packages: [`expect@${major}`],
  fixture: 'node-test',
  type: 'module',
  steps: {
    esm: { args: ['--test', 'suite.test.mjs'] },
    commonjs: { args: ['--test', 'commonjs.test.cjs'] },
    imports: { args: ['--test', 'imports.test.mjs'] },
    docs: { args: ['--test', 'docs/node-test/cors.test.mjs'] },
    ...steps,
  },
  types: {
    head: "import type {} from 'expect-cors/jest-globals'\nimport { expect } from 'expect'",
    types: ['node'],
  },
})

/** What docs/front-end.md is about, with what its samples need. */
const frontEnd = (runner, packages) => ({
  fixture: 'front-end',
  type: 'module',
  packages: [
    ...[
      'react@19',
      'react-dom@19',
      '@types/react@19',
      '@testing-library/react@16',
      '@testing-library/dom@10',
    ],
    ...['axios@1', '@tanstack/react-query@5', 'ky@2', 'openapi-fetch@0.17', ...packages],
  ],
  steps: {
    docs: {
      args: {
        vitest: ['../node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=report.json'],
        jest: ['../node_modules/jest/bin/jest.js', '--json', '--outputFile=report.json'],
      }[runner],
      cwd: 'docs',
      after: onlyUnawaresFailed,
    },
    ...(runner === 'vitest' && {
      types: { args: ['node_modules/typescript-5/bin/tsc', '-p', 'tsconfig.json'] },
    }),
  },
})

/** A way in as a new user goes it: the code of the pages at the root of a project, what they would get wrong, and the types. */
const way = ({ fixture, steps, mistakes, ...project }) => ({
  fixture,
  type: 'module',
  samples: [[fixture, '.']],
  isPlain: true,
  ...project,
  steps: { ...steps, mistakes: { ...mistakes, after: mistakesAreSaid }, types: { args: TSC } },
})

export const projects = [
  {
    name: 'Vitest 3.2',
    node: 20,
    packages: ['vitest@3.2', 'jsdom@26', 'happy-dom@20', 'msw@2', 'undici@7'],
    mocks: true,
    ...vitest('suite', 'jsdom', 'happy-dom', 'mocks'),
  },
  {
    name: 'Vitest 4',
    node: 22,
    ci: false,
    packages: ['vitest@4', 'jsdom@27', 'happy-dom@20', 'msw@2', 'undici@7'],
    mocks: true,
    ...vitest('suite', 'jsdom', 'happy-dom', 'mocks'),
  },
  {
    name: 'Vitest 5, MSW 3, undici 8',
    node: 24,
    packages: ['vitest@5', 'jsdom@latest', 'happy-dom@latest', 'msw@3', 'undici@8'],
    mocks: true,
    ...vitest('suite', 'jsdom', 'happy-dom', 'mocks'),
  },
  { name: 'Vitest 5', node: 26, ci: false, packages: ['vitest@5'], ...vitest() },
  { name: 'Vitest 5, pnpm', node: 24, pnpm: true, ci: false, packages: ['vitest@5'], ...vitest() },
  { name: 'Jest 29', node: 20, ...jest(29) },
  { name: 'Jest 30', node: 24, ...jest(30) },
  { name: 'Jest 30', node: 22, ci: false, ...jest(30) },
  { name: 'Jest 30', node: 26, ci: false, ...jest(30) },
  { name: 'Jest 30, pnpm', node: 24, pnpm: true, ci: false, ...jest(30) },
  {
    name: 'Bun',
    node: 24,
    packages: ['bun@1', 'bun-types@1'],
    fixture: 'bun',
    type: 'module',
    steps: {
      suite: { command: 'node_modules/.bin/bun', args: ['test', './suite.test.ts', './contract.test.ts'] },
      docs: { command: 'node_modules/.bin/bun', args: ['test'], cwd: 'docs/bun' },
      mistakes: { command: 'node_modules/.bin/bun', args: ['test', './mistakes/'], after: mistakesAreSaid },
      'types of docs': { args: TSC },
    },
    types: {
      head: "import 'expect-cors/bun'\nimport { expect } from 'bun:test'",
      // Below `.not` Bun's types forget the subject; as Bun waits for a matcher's answer, an await changes nothing.
      without: ['negated'],
      types: ['bun-types'],
    },
  },
  {
    name: 'Playwright Test',
    node: 22,
    packages: ['@playwright/test@1'],
    fixture: 'playwright',
    type: 'module',
    steps: {
      suite: { args: ['node_modules/@playwright/test/cli.js', 'test', 'suite'] },
      commonjs: { args: ['node_modules/@playwright/test/cli.js', 'test', '--config', 'commonjs'] },
      docs: { args: ['node_modules/@playwright/test/cli.js', 'test', '--config', 'docs/playwright'] },
      mistakes: {
        args: ['node_modules/@playwright/test/cli.js', 'test', '--config', 'mistakes'],
        after: mistakesAreSaid,
      },
      'types of docs': { args: TSC },
    },
    samples: [
      ['playwright', 'docs'],
      ['playwright', 'commonjs/docs'],
    ],
    types: {
      head: "import { expect as base } from '@playwright/test'\nimport * as matchers from 'expect-cors/matchers'\n\nconst expect = base.extend(matchers)",
      // Its types follow the matcher and not the subject, and know no asymmetric matchers but its own.
      without: ['returns', 'negated', 'asymmetric'],
      types: ['node'],
    },
  },
  {
    name: 'node:test, expect 30',
    node: 26,
    // This Node reads TypeScript.
    ...nodeTest(30, {
      mistakes: { args: ['--test', 'mistakes/fails.test.mts'], after: mistakesAreSaid },
      'types of mistakes': { args: TSC },
    }),
  },
  { name: 'node:test, expect 29', node: 20, ...nodeTest(29) },
  {
    name: 'Front end, Vitest 4, MSW 2',
    node: 22,
    ...frontEnd('vitest', ['vitest@4', 'jsdom@27', 'msw@2']),
  },
  {
    name: 'Front end, Vitest 5, MSW 3',
    node: 24,
    ci: false,
    ...frontEnd('vitest', ['vitest@5', 'jsdom@latest', 'msw@3']),
  },
  {
    name: 'Front end, Jest 30, MSW 2',
    node: 22,
    ...frontEnd('jest', [
      ...['jest@30', 'jest-environment-jsdom@30', 'jest-fixed-jsdom@0.0.11', 'babel-jest@30', 'msw@2'],
      ...['@babel/core@7', '@babel/preset-env@7', '@babel/preset-react@7', '@babel/preset-typescript@7'],
    ]),
  },
  {
    name: 'Express',
    node: 22,
    ...way({
      fixture: 'express',
      packages: ['vitest@4', 'express@5', 'cors@2', '@types/express@5', '@types/cors@2'],
      steps: { docs: { args: [...VITEST, '--exclude', 'mistakes/**'] } },
      mistakes: { args: [...VITEST, 'mistakes/'] },
    }),
  },
  {
    name: 'Fastify, Hono, h3',
    node: 22,
    ...way({
      fixture: 'apps',
      packages: ['vitest@4', 'fastify@5', '@fastify/cors@11', 'hono@4', 'h3@2'],
      steps: { docs: { args: [...VITEST, '--exclude', 'mistakes/**'] } },
      mistakes: { args: [...VITEST, 'mistakes/'] },
    }),
  },
  {
    name: 'NestJS, ts-jest',
    node: 22,
    ...way({
      fixture: 'nest',
      type: 'commonjs',
      packages: [
        ...['common', 'core', 'platform-express', 'testing'].map((name) => `@nestjs/${name}@11`),
        ...['reflect-metadata@0.2', 'rxjs@7', 'jest@30', '@types/jest@30', 'ts-jest@29', 'typescript@5.9'],
      ],
      steps: {
        docs: { args: ['node_modules/jest/bin/jest.js', '--config', 'test/jest-e2e.json', 'cors.e2e'] },
      },
      mistakes: { args: ['node_modules/jest/bin/jest.js', '--config', 'test/jest-e2e.json', 'mistakes'] },
    }),
  },
  {
    name: 'A deployed API, behind nginx',
    node: 22,
    ...way({
      fixture: 'deployed',
      packages: ['vitest@4', 'yaml@2'],
      steps: {
        docs: { args: ['behind-nginx.mjs', ...VITEST, '--exclude', 'mistakes/**'] },
        explain: {
          args: [
            ...['behind-nginx.mjs', 'node_modules/.bin/expect-cors', 'explain', 'STAGING_URL/orders'],
            ...['--origin', 'https://app.example.com', '--extra-header', 'X-Gate-Token: open'],
          ],
        },
        check: {
          args: [
            ...['behind-nginx.mjs', 'node_modules/.bin/expect-cors', 'check', 'cors.yaml'],
            ...['--target', 'staging=STAGING_URL'],
          ],
        },
      },
      mistakes: { args: ['behind-nginx.mjs', ...VITEST, 'mistakes/'] },
    }),
  },
  {
    name: 'A strict pnpm workspace',
    node: 24,
    pnpm: true,
    isWorkspace: true,
    isPlain: true,
    fixture: 'workspace',
    type: 'module',
    samples: [
      ['express', 'packages/api'],
      ['jest', 'packages/web'],
    ],
    steps: {
      'docs, Vitest': { cwd: 'packages/api', args: [...VITEST, '--exclude', 'mistakes/**'] },
      'types, Vitest': { cwd: 'packages/api', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
      'docs, Jest': {
        cwd: 'packages/web',
        args: ['node_modules/jest/bin/jest.js', '--config', 'jest-globals/jest.config.cjs'],
      },
      'mistakes, Jest': {
        cwd: 'packages/web',
        args: ['node_modules/jest/bin/jest.js', '--config', 'mistakes/jest.config.cjs'],
        after: mistakesAreSaid,
      },
      'types, Jest': { cwd: 'packages/web', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
    },
  },
  {
    name: 'Editors and linters',
    node: 22,
    packages: [
      ...[
        'eslint@9',
        'typescript-eslint@8',
        '@biomejs/biome@2.6',
        'typescript@5.9',
        'vitest@4',
        '@types/jest@30',
        '@jest/globals@30',
        'expect@30',
        ...['express@5', 'cors@2', '@types/express@5', '@types/cors@2'],
      ],
    ],
    fixture: 'lint',
    type: 'module',
    samples: [['express', 'docs']],
    steps: {
      'docs under typescript-eslint': { args: ['recommended.mjs'] },
      lint: { args: ['lint.mjs'] },
      biome: { args: ['biome.mjs'] },
      hover: { args: ['hover.mjs'] },
    },
  },
].map((project) => ({ ...project, name: `${project.name}, Node ${project.node}` }))

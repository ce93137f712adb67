// SETUP says how TypeScript is compiled, and where `expect` comes from: `babel`, `babel globals`, `ts-jest`, `node10`, `swc`, `esm`, `esm globals`, `forgotten`, `mistakes`, `jsdom`.
const [compiler, globals] = (process.env.SETUP ?? 'babel').split(' ')
const entry = globals === 'globals' ? 'expect-cors/jest-globals' : 'expect-cors/jest'

const babel = [
  'babel-jest',
  { presets: [['@babel/preset-env', { targets: { node: 'current' } }], '@babel/preset-typescript'] },
]
const transforms = {
  babel,
  jsdom: babel,
  lacking: babel,
  forgotten: babel,
  mistakes: babel,
  'ts-jest': ['ts-jest', { tsconfig: 'tsconfig.ts-jest.json' }],
  // As older projects have it, those of NestJS among them.
  node10: ['ts-jest', { tsconfig: 'tsconfig.node10.json' }],
  swc: ['@swc/jest', {}],
}
const tests = {
  babel: globals
    ? ['globals.test.ts', 'matchers.test.ts', 'contract-globals.test.ts']
    : ['suite.test.ts', 'concurrent.test.ts', 'contract.test.ts', 'late-mocks.test.ts'],
  jsdom: ['suite.test.ts'],
  'ts-jest': globals ? ['globals.test.ts', 'matchers.test.ts'] : ['suite.test.ts', 'contract.test.ts'],
  node10: ['suite.test.ts', 'matchers.test.ts'],
  swc: globals ? ['globals.test.ts', 'matchers.test.ts'] : ['suite.test.ts'],
  esm: globals ? ['esm-globals.test.mjs'] : ['esm.test.mjs'],
  lacking: ['lacking.test.ts'],
  forgotten: ['forgotten.fixture.ts'],
  mistakes: ['mistakes.fixture.ts'],
}

module.exports = {
  setupFilesAfterEnv: [entry],
  testMatch: tests[compiler].map((name) => `<rootDir>/${name}`),
  testEnvironment: { jsdom: 'jest-fixed-jsdom', lacking: 'jsdom' }[compiler] ?? 'node',
  moduleFileExtensions: ['ts', 'mjs', 'cjs', 'js', 'json'],
  transform: transforms[compiler] ? { '\\.ts$': transforms[compiler] } : {},
}

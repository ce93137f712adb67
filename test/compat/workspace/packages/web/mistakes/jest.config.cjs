module.exports = {
  setupFilesAfterEnv: ['expect-cors/jest-globals'],
  injectGlobals: false,
  transform: { '\\.ts$': ['ts-jest', { tsconfig: `${__dirname}/../tsconfig.json` }] },
}

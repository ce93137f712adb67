// npm run test:servers                    every server that is installed here; says what is not
// npm run test:servers -- nginx flask     these only; fails where one of them is not installed
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const vitest = path.join(
  path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
)
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--config',
    fileURLToPath(new URL('vitest.config.ts', import.meta.url)),
    '--reporter=verbose',
  ],
  { stdio: 'inherit', env: { ...process.env, EXPECT_CORS_SERVERS: asked.join(',') } },
)
process.exitCode = status ?? 1

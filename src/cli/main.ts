#!/usr/bin/env node
/** The file behind `npx expect-cors`. */
import { run } from './run-command.js'

const { stdout, stderr, env, argv } = process
// A reader that has seen enough, such as `head`.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
const color = stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
void run(argv.slice(2), {
  out: (text) => void stdout.write(text),
  error: (text) => void stderr.write(text),
  color,
}).then((code) => {
  process.exitCode = code
})

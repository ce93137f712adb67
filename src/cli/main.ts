#!/usr/bin/env node
/** The file behind `npx expect-cors`. */
import { run } from './run-command.js'

const { stdin, stdout, stderr, env, argv } = process
// A reader that has seen enough, such as `head`.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
const color = stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
void run(argv.slice(2), {
  out: (text) => void stdout.write(text),
  error: (text) => void stderr.write(text),
  color,
  width: stdout.columns,
  counter: stderr.isTTY === true ? (line) => void stderr.write(`\r\x1b[2K${line}`) : undefined,
  input: (patience) => (stdin.isTTY === true ? Promise.resolve(null) : piped(patience)),
}).then((code) => {
  process.exitCode = code
})

function piped(patience?: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let text = ''
    const impatient = patience === undefined ? undefined : setTimeout(end, patience)
    stdin.setEncoding('utf8')
    stdin.on('data', (chunk: string) => {
      clearTimeout(impatient)
      text += chunk
    })
    stdin.once('end', end)
    stdin.once('error', reject)
    function end(): void {
      clearTimeout(impatient)
      // Left open it would keep the process alive.
      stdin.destroy()
      resolve(text)
    }
  })
}

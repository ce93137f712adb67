// Starts the recorder: `npm run test:browsers -- --help`. Node 20 runs no TypeScript, so a hook strips the types.
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)

const [first, ...rest] = process.argv.slice(2)
if (first === '--inside') {
  const { runInside } = await import('./inside.ts')
  await runInside(rest[0])
} else {
  const { main } = await import('./cli.ts')
  process.exitCode = await main(process.argv.slice(2))
}

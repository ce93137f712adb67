// Writes contract.schema.json, what editors check contracts with: the definition that the package itself checks them by, as JSON Schema.
// A test fails where the file differs.
//
//   node scripts/contract-schema.mjs
import { writeFile } from 'node:fs/promises'
import { register } from 'node:module'

register('../test/browsers/typescript-hooks.mjs', import.meta.url)
const { contractSchema } = await import('../src/contract/contract-rules.ts')
await writeFile(
  new URL('../contract.schema.json', import.meta.url),
  `${JSON.stringify(contractSchema(), null, 2)}\n`,
)

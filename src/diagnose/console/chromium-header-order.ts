/**
 * The order in which Chromium goes through a request's headers: that of the hash table that holds them. It shows in the header it names
 * when several are not allowed. The table (WTF::HashTable) has at least eight places, doubles when half full, and is indexed by the rapidhash
 * of the name in lower case, as UTF-16.
 */

const MASK = (1n << 64n) - 1n
const SEED = 0xbdd89aa982704029n
const SECRET = [0x2d358dccaa6c78a5n, 0x8bb84b93962eacc9n, 0x4b33a62ed433d4a3n] as const
const SMALLEST_TABLE = 8

/** The names in the order of Chromium's table, `names` being in the order they are put in. */
export function chromiumHeaderOrder(names: readonly string[]): string[] {
  let table = emptyTable(SMALLEST_TABLE)
  let count = 0
  for (const name of names) {
    if (table.includes(name)) continue
    insert(table, name)
    count++
    if (count * 2 < table.length) continue
    const larger = emptyTable(table.length * 2)
    for (const other of table) if (other !== undefined) insert(larger, other)
    table = larger
  }
  return table.filter((name) => name !== undefined)
}

type Table = (string | undefined)[]

function emptyTable(size: number): Table {
  return new Array<string | undefined>(size).fill(undefined)
}

function insert(table: Table, name: string): void {
  const mask = table.length - 1
  let index = Number(rapidhash(utf16(name)) & BigInt(mask))
  for (let probe = 1; table[index] !== undefined; probe++) index = (index + probe) & mask
  table[index] = name
}

function utf16(text: string): DataView {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), true)
  return view
}

/** The halves of the 128-bit product, combined. */
function mix(a: bigint, b: bigint): bigint {
  const product = a * b
  return (product & MASK) ^ (product >> 64n)
}

/** @see https://github.com/Nicoshev/rapidhash version 1 */
function rapidhash(data: DataView): bigint {
  const length = data.byteLength
  const word = (at: number): bigint => data.getBigUint64(at, true)
  const half = (at: number): bigint => BigInt(data.getUint32(at, true))
  const size = BigInt(length)
  let seed = SEED ^ mix(SEED ^ SECRET[0], SECRET[1]) ^ size
  let a = 0n
  let b = 0n
  if (length > 16) {
    let at = 0
    let left = length
    if (left > 48) {
      let [second, third] = [seed, seed]
      for (; left >= 48; at += 48, left -= 48) {
        seed = mix(word(at) ^ SECRET[0], word(at + 8) ^ seed)
        second = mix(word(at + 16) ^ SECRET[1], word(at + 24) ^ second)
        third = mix(word(at + 32) ^ SECRET[2], word(at + 40) ^ third)
      }
      seed ^= second ^ third
    }
    if (left > 16) seed = mix(word(at) ^ SECRET[2], word(at + 8) ^ seed ^ SECRET[1])
    if (left > 32) seed = mix(word(at + 16) ^ SECRET[2], word(at + 24) ^ seed)
    a = word(length - 16)
    b = word(length - 8)
  } else if (length >= 4) {
    const last = length - 4
    const delta = (length & 24) >> (length >> 3)
    a = (half(0) << 32n) | half(last)
    b = (half(delta) << 32n) | half(last - delta)
  } else if (length > 0) {
    const byte = (at: number): bigint => BigInt(data.getUint8(at))
    a = (byte(0) << 56n) | (byte(length >> 1) << 32n) | byte(length - 1)
  }
  const product = (a ^ SECRET[1]) * (b ^ seed)
  return mix((product & MASK) ^ SECRET[0] ^ size, (product >> 64n) ^ SECRET[1])
}

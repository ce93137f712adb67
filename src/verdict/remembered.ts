/** Texts that were read lately: tests ask about the same few origins and URLs again and again, each in several engines. */

/** How many texts are remembered, and how long one may be. */
const MOST = 500
const LONGEST = 1000

/**
 * Reads each text once, except what comes to nothing. What is read is shared by all who ask for it, so it must never be changed or handed
 * out: no verdict holds a client or a URL, and nothing on the way to one changes them.
 */
export function remembered<T extends object | undefined>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = read(text)
    if (value !== undefined && text.length <= LONGEST) {
      if (known.size === MOST) known.clear()
      known.set(text, value)
    }
    return value
  }
}

/** A URL that reads the same whatever the page and the engine; undefined for any other. */
export const urlOf = remembered((url) => {
  if (!/^https?:\/\//.test(url)) return undefined
  try {
    return new URL(url)
  } catch {
    return undefined
  }
})

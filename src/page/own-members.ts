/** Classes of a page's window that are written once for all pages. */

/** Node's `util.inspect`. */
export type Inspect = (value: unknown, options: object) => string

interface Class {
  new (...args: never[]): object
  readonly prototype: object
}

/**
 * Gives a class, which only binds the one it extends to its page, the members of that one: a script finds them where a browser has them,
 * and may replace them without touching another page.
 *
 * @param Parent what its prototype descends from. Default: what that of the class it extends does
 */
export function ownMembers<Bound extends Class>(bound: Bound, Parent?: Class): Bound {
  const general = Object.getPrototypeOf(bound) as Class
  const { constructor: _constructor, ...members } = Object.getOwnPropertyDescriptors(general.prototype)
  const {
    prototype: _prototype,
    name: _name,
    length: _length,
    ...statics
  } = Object.getOwnPropertyDescriptors(general) as PropertyDescriptorMap
  Object.defineProperties(bound, statics)
  Object.defineProperties(bound.prototype, members)
  // As Web IDL has them.
  for (const [name, member] of Object.entries(members))
    Object.defineProperty(bound.prototype, name, { ...member, enumerable: true })
  Object.defineProperty(bound.prototype, Symbol.toStringTag, { value: bound.name, configurable: true })
  Object.setPrototypeOf(bound.prototype, Parent?.prototype ?? Object.getPrototypeOf(general.prototype))
  return bound
}

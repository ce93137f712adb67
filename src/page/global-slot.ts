/**
 * A global that pages stand in for, one upon the other: any of them can be taken back, and what was there first comes back with the last.
 *
 * It is an accessor, so that a mock's `listen()` cannot put its own `fetch` on top unnoticed: with MSW 2 a request would then get its response before the page
 * has seen it. Whatever else is put there later wins, as it would without a page.
 */

import { keyOfMock, type Mock, mockHasBegun, sharedMock } from './listening-mocks.js'

type Members = Record<PropertyKey, unknown>

/** What a page has put there. */
interface Layer {
  readonly own: object
  /** Whether its time is over, though nobody took it back. */
  readonly isOver: () => boolean
}

/** One global of one target. */
export class GlobalSlot {
  readonly #target: Members
  readonly #name: string
  readonly #accessor: PropertyDescriptor
  /** What was there before any page; undefined for nothing. */
  #first: PropertyDescriptor | undefined
  /** What a mock put on top of a page, and whether that is listening still. */
  #covered: { readonly isListening: () => boolean; readonly value: unknown } | undefined
  /** Whether a mock may have covered it since it was last read, and whether one listened then. */
  #isExpecting = false
  #wasListening = false
  /** The pages' own, the last on top. */
  #layers: Layer[] = []
  /** Those too that were taken back: a mock may hold them, and put them back where it found them. */
  readonly #known = new WeakSet<object>()

  constructor(target: object, name: string) {
    this.#target = target as Members
    this.#name = name
    this.#accessor = {
      get: () => this.#read(),
      set: (value: unknown) => this.#assign(value),
      enumerable: false,
      configurable: true,
    }
  }

  /** What was there before any page. */
  get first(): unknown {
    const first = this.#first
    return first?.get === undefined ? first?.value : (first.get.call(this.#target) as unknown)
  }

  /** What a mock that listens has put on top since; undefined for nothing. */
  get mocked(): unknown {
    if (this.#covered?.isListening() === false) this.#covered = undefined
    return this.#covered?.value
  }

  /** Whether something has been put on top of a page that is not a page: what comes on top of that is not to mix with what is beneath it. */
  get isBuried(): boolean {
    this.#notice()
    return this.#living.length > 0 && !this.#isOurs(Object.getOwnPropertyDescriptor(this.#target, this.#name))
  }

  has(own: object): boolean {
    return this.#living.some((layer) => layer.own === own)
  }

  /** The pages' own whose time is not over. */
  get #living(): readonly Layer[] {
    if (this.#layers.some(({ isOver }) => isOver())) {
      this.#layers = this.#layers.filter(({ isOver }) => !isOver())
    }
    return this.#layers
  }

  /** The uppermost page's own, which code that holds on to another page's is to get. */
  get top(): unknown {
    return this.#living.at(-1)?.own
  }

  /** What a script finds. */
  get present(): unknown {
    return this.#target[this.#name]
  }

  /** Puts a page's own on top. */
  put(own: object, isOver: () => boolean): void {
    // Node makes some of its globals when they are first read, and puts them there: now, and not over the page.
    void this.present
    const present = Object.getOwnPropertyDescriptor(this.#target, this.#name)
    if (!this.#isOurs(present)) {
      this.#first = present
      this.#accessor.enumerable = present?.enumerable ?? false
    }
    this.#layers.push({ own, isOver })
    this.#known.add(own)
    Object.defineProperty(this.#target, this.#name, this.#accessor)
    this.#watch()
    this.#outlive()
  }

  /** Takes one back, and says whether what is there now came from pages. */
  take(own: object): boolean {
    this.#notice()
    const isOurs = this.#isOurs(Object.getOwnPropertyDescriptor(this.#target, this.#name))
    this.#layers = this.#layers.filter((layer) => layer.own !== own)
    if (isOurs) {
      Object.defineProperty(this.#target, this.#name, this.#accessor)
      this.#read()
    }
    return isOurs
  }

  #isOurs(present: PropertyDescriptor | undefined): boolean {
    if (present === undefined) return false
    // Somebody may have put it aside, and back as a plain value.
    return present.get === undefined
      ? this.#known.has(present.value as object)
      : present.get === this.#accessor.get
  }

  #read(): unknown {
    const { mocked, top } = this
    if (top !== undefined) {
      this.#watch()
      return top
    }
    // A mock that found a page here will put it back when it closes: until then this stays, to ignore that.
    if (mocked !== undefined) return this.#name === 'Request' ? this.first : mocked
    if (this.#first === undefined) delete this.#target[this.#name]
    else Object.defineProperty(this.#target, this.#name, this.#first)
    return this.#target[this.#name]
  }

  #assign(value: unknown): void {
    if (this.#known.has(value as object)) return
    Object.defineProperty(this.#target, this.#name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }

  /** Waits for a mock to begin: before it covers a global, it reads it. */
  #watch(): void {
    if (this.#target !== globalThis) return
    const key = keyOfMock(this.#name)
    if (key !== undefined && !Object.hasOwn(globalThis, key)) {
      Object.defineProperty(globalThis, key, {
        get: () => undefined,
        set: (mock: unknown) => {
          const plain = { value: mock, enumerable: true, configurable: true, writable: true }
          Object.defineProperty(globalThis, key, plain)
          this.#uncover(() => (globalThis as Members)[key] === mock)
        },
        enumerable: false,
        configurable: true,
      })
    }
    // MSW 3 does not say so: it is done as soon as what has read the global returns.
    const shared = sharedMock()
    if (shared === undefined) return
    if (shared?.readyState !== 'ACTIVE') this.#wasListening = false
    if (this.#isExpecting) return
    this.#isExpecting = true
    this.#wasListening = shared?.readyState === 'ACTIVE'
    void Promise.resolve().then(() => this.#notice())
  }

  /** Whether that has covered it since it was last read; whatever else has is left there. */
  #notice(): void {
    if (!this.#isExpecting) return
    this.#isExpecting = false
    const isListening = (): boolean => sharedMock()?.readyState === 'ACTIVE'
    const present = Object.getOwnPropertyDescriptor(this.#target, this.#name)
    if (isListening() && (!this.#wasListening || present?.writable === false)) this.#uncover(isListening)
  }

  #uncover(isListening: () => boolean): void {
    const present = Object.getOwnPropertyDescriptor(this.#target, this.#name)
    if (this.top === undefined || present === undefined || this.#isOurs(present)) return
    this.#covered = { isListening, value: present.value }
    Object.defineProperty(this.#target, this.#name, this.#accessor)
    mockHasBegun()
  }

  /** A mock that listens now will put back what it found when it closes: the page comes back on top then, of whatever that was. */
  #outlive(): void {
    if (this.#target !== globalThis) return
    const key = keyOfMock(this.#name)
    const own = key === undefined ? undefined : ((globalThis as Members)[key] as Mock | undefined)
    const shared = sharedMock()
    // MSW 2 undoes the first first, MSW 3 the last.
    if (own?.subscriptions?.includes(this.#surface) === false) own.subscriptions.push(this.#surface)
    if (shared?.subscriptions?.includes(this.#surface) === false) shared.subscriptions.unshift(this.#surface)
  }

  readonly #surface = (): void => {
    const present = Object.getOwnPropertyDescriptor(this.#target, this.#name)
    if (this.top === undefined || this.#isOurs(present)) return
    this.#first = present
    Object.defineProperty(this.#target, this.#name, this.#accessor)
  }
}

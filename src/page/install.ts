/** A page's APIs in the place of the globals. */
import { hasMembers } from '../subject/shape.js'
import { sharedState } from '../subject/shared-state.js'
import { listed } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { GlobalSlot } from './global-slot.js'
import { tellServersApart } from './server-side.js'

/** What a page stands in for. `Headers` and `Response` stay: others than the environment's own are no `instanceof` it. */
export type InstalledName = 'fetch' | 'XMLHttpRequest' | 'EventSource' | 'Request'

interface Shared {
  slots?: WeakMap<object, Map<string, GlobalSlot>>
}

/** Of all pages of both builds, so that they can be taken back in any order. */
function slotFor(target: object, name: string): GlobalSlot {
  const shared = sharedState<Shared>()
  shared.slots ??= new WeakMap()
  const slots = shared.slots.get(target) ?? new Map<string, GlobalSlot>()
  shared.slots.set(target, slots)
  let slot = slots.get(name)
  if (slot === undefined || slot.isBuried) {
    slot = new GlobalSlot(target, name)
    slots.set(name, slot)
  }
  return slot
}

/** What a page's own may ask of the global that it stands in for. */
export interface CoveredGlobal {
  /** Whether the page is still installed: a module may have kept what it found when it was loaded, and a mock what it covered. */
  readonly isLive: () => boolean
  /** The page's that is installed now; undefined for none. */
  readonly top: () => unknown
  /** What a script finds now. */
  readonly present: () => unknown
  /** What was there before any page. */
  readonly first: () => unknown
  /** What a mock that listens has put there; undefined for nothing. */
  readonly mocked: () => unknown
}

/**
 * Puts a page's APIs in the place of a target's.
 *
 * @param isOver whether the page's time is over, though nobody took it back
 * @returns takes back what is still the page's, and names what is not
 * @throws CorsUsageError for a target that has no members, or that cannot be changed
 */
export function installOn(
  target: unknown,
  makers: Readonly<Record<InstalledName, (place: CoveredGlobal) => object>>,
  isOver: () => boolean = () => false,
): () => readonly InstalledName[] {
  if (!hasMembers(target)) {
    throw new CorsUsageError(
      `page.install() takes a window or globalThis, which is the default; got ${describeValue(target)}`,
    )
  }
  const fixed = Object.keys(makers).filter((name) => isFixed(target, name))
  if (fixed.length > 0) {
    throw new CorsUsageError(
      `page.install() cannot replace ${listed(fixed)} of what it was given: frozen, or not configurable`,
    )
  }
  tellServersApart()
  let layers = Object.entries(makers).map(([name, make]) => {
    const slot = slotFor(target, name)
    const layer = make({
      isLive: () => slot.has(layer),
      top: () => slot.top,
      present: () => slot.present,
      first: () => slot.first,
      mocked: () => slot.mocked,
    })
    slot.put(layer, isOver)
    return { name: name as InstalledName, slot, layer }
  })
  return () => {
    const left = layers.filter(({ slot, layer }) => !slot.take(layer)).map(({ name }) => name)
    layers = []
    if (left.length > 0) warn(left)
    return left
  }
}

function isFixed(target: object, name: string): boolean {
  const present = Object.getOwnPropertyDescriptor(target, name)
  return present === undefined ? !Object.isExtensible(target) : present.configurable !== true
}

function warn(left: readonly InstalledName[]): void {
  const [are, were] = left.length === 1 ? ['is', 'was'] : ['are', 'were']
  console.warn(
    `expect-cors: ${listed(left)} ${are} no longer what page.install() put there, and ${were} left alone. Take back first what was put there later`,
  )
}

import { createServer } from 'node:http'
import { endpoint, evaluateCors, observed } from 'expect-cors'

const origin = 'https://app.example.com'
const response = { status: 200, headers: { 'access-control-allow-origin': origin } }
const server = createServer()

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <_ extends true>(): void => {}

export async function returns(): Promise<void> {
  const now = expect(response).toAllowOrigin(origin)
  is<Same<typeof now, void>>()
  const negated = expect(observed(response, { origin })).not.toAllowOrigin(origin)
  is<Same<typeof negated, void>>()
  const verdict = evaluateCors({ request: { origin, url: 'https://api.example.com/' }, response })
  const judged = expect(verdict).toAllowCorsRequest()
  is<Same<typeof judged, void>>()
  const need = expect('https://api.example.com/').toRequirePreflight({ origin, method: 'PUT' })
  is<Same<typeof need, void>>()

  const app = expect(server).toAllowOrigin(origin, { path: '/' })
  is<Same<typeof app, Promise<void>>>()
  const url = expect('https://api.example.com').toAllowMethod(['PUT'], { origin })
  is<Same<typeof url, Promise<void>>>()
  const bundle = expect(endpoint(server)).toAllowPreflight({ origin, method: 'PUT' })
  is<Same<typeof bundle, Promise<void>>>()
  const handler = expect((_request: Request) => new Response()).toVaryOnOrigin({ origin })
  is<Same<typeof handler, Promise<void>>>()
  const resolved = expect(Promise.resolve(response)).resolves.toAllowOrigin(origin)
  await Promise.all([app, url, bundle, handler, resolved])
}

export function negated(): Promise<void> {
  const app = expect(server).not.toAllowMethod(['PUT'], { origin })
  is<Same<typeof app, Promise<void>>>()
  return app
}

export function refuses(): void {
  // @ts-expect-error an origin is a string
  expect(response).toAllowOrigin(1)
  // @ts-expect-error no such option
  void expect(server).toAllowOrigin(origin, { orign: origin })
  // @ts-expect-error no such matcher
  expect(response).toAllowOrigins(origin)
  // @ts-expect-error a method is a string
  void expect(server).toAllowPreflight({ origin, method: 1 })
  // @ts-expect-error no such code
  void expect(server).toBlockCorsRequest({ origin }, 'no-such-code')
}

export function asymmetric(): void {
  expect({ response }).toEqual({ response: expect.toAllowOrigin(origin) })
  expect({ response }).toEqual({ response: expect.not.toAllowMethod('PUT') })
  // @ts-expect-error an origin is a string
  expect.toAllowOrigin(1)
  // @ts-expect-error has no asymmetric form
  expect.toAllowCorsRequest({ origin })
}

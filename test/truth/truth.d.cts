export interface Behaviour {
  readonly name: string
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly method: string
  readonly matcher: 'toAllowOrigin'
  readonly args: [string]
}
export interface Answer {
  readonly code: string | null
  readonly response: string
  readonly joined?: string
  readonly endpoint: string
}
export const ORIGIN: string
export const behaviours: readonly Behaviour[]
export const answers: Readonly<Record<string, Answer>>
export function endpointArgs(behaviour: Behaviour): [string]
export function sentHeaders(behaviour: Behaviour): Record<string, string>
export function listener(
  behaviour: Behaviour,
): (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void
export function fetchResponse(behaviour: Behaviour): Response
export function outcome(assertion: () => unknown): Promise<string>
export function outcomeNow(assertion: () => unknown): string

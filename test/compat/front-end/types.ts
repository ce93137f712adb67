// A page goes where the globals of the DOM's types are asked for.
import { openPage } from 'expect-cors'

const page = openPage('https://app.example.com')
window.fetch = page.fetch
window.XMLHttpRequest = page.XMLHttpRequest
window.EventSource = page.EventSource
globalThis.Request = page.Request
const left: readonly string[] = page.install(window)()
export const xhr: XMLHttpRequest = new window.XMLHttpRequest()
export const names: readonly ('fetch' | 'XMLHttpRequest' | 'EventSource' | 'Request')[] = page.install()()
// @ts-expect-error a global is no page's
page.fetch = left
// @ts-expect-error it takes a window
page.install('window')

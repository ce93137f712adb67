import { openPage, type Page, type PageJourney } from 'expect-cors'
import { expectTypeOf, test } from 'vitest'

test('openPage', () => {
  expectTypeOf(openPage).returns.toEqualTypeOf<Page>()
  expectTypeOf(openPage).toBeCallableWith('https://app.example.com', { engine: 'webkit', timeout: 100 })
  expectTypeOf(openPage).toBeCallableWith({ url: 'https://app.example.com', context: 'worker' })
  // @ts-expect-error an engine that is none
  openPage('https://app.example.com', { engine: 'netscape' })
})

test('a page\u2019s fetch goes where the global one is asked for', () => {
  expectTypeOf<Page['fetch']>().toExtend<typeof fetch>()
  expectTypeOf<Page['inspect']>().returns.resolves.toEqualTypeOf<PageJourney>()
  expectTypeOf<Page['fetch']>().returns.resolves.toEqualTypeOf<Response>()
})

test('pages of one browser', () => {
  const page = openPage('https://app.example.com', { httpCache: true })
  expectTypeOf(page.navigate).returns.toEqualTypeOf<Page>()
  expectTypeOf(page.navigate).toBeCallableWith('/next', { timeout: 100 })
  expectTypeOf(page.frame).toBeCallableWith({ url: 'about:srcdoc', context: 'sandboxed-iframe' })
  expectTypeOf<PageJourney['exchanges'][number]['cacheState']>().toEqualTypeOf<
    '' | 'local' | 'validated' | undefined
  >()
  // @ts-expect-error the engine is the browser's
  page.navigate('/next', { engine: 'firefox' })
})

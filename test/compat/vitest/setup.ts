import 'expect-cors/vitest'

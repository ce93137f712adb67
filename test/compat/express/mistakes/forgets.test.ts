import 'expect-cors/vitest'
import express from 'express'
import { expect, test } from 'vitest'

test('forgets to wait', () => {
  expect(express()).toAllowAnyOrigin()
})

import 'expect-cors/jest'
import type { INestApplication } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { AppModule } from './../src/app.module'

let app: INestApplication

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile()
  app = module.createNestApplication()
  await app.init()
})
afterAll(() => app.close())

it('has not turned CORS on', async () => {
  await expect(app).toAllowPreflight({ origin: 'https://app.example.com', path: '/orders/1', method: 'PUT' })
})

it('forgets to wait', () => {
  expect(app).toAllowAnyOrigin()
})

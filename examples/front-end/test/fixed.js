// Green: so the page works with the API, too, which has the same policy.
import { enforceCors, withCors } from 'expect-cors/msw'
import { setupServer } from 'msw/node'
import { policy } from '../policy.mjs'
import { handlersAt } from './handlers.js'

setupServer(...withCors(policy, handlersAt('http://localhost:3000'))).listen()
enforceCors({ origin: 'http://localhost:5173', failOnBlocked: true })

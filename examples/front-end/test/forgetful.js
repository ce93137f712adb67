// Red: the mock has the policy that the API had, which forgets the header that the page sets.
import { enforceCors, withCors } from 'expect-cors/msw'
import { setupServer } from 'msw/node'
import { forgetful } from '../policy.mjs'
import { handlersAt } from './handlers.js'

setupServer(...withCors(forgetful, handlersAt('http://localhost:3000'))).listen()
enforceCors({ origin: 'http://localhost:5173', failOnBlocked: true })

// @vitest-environment happy-dom
import { truthInThisEnvironment } from './in-environment.js'

truthInThisEnvironment()

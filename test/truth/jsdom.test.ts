// @vitest-environment jsdom
import { truthInThisEnvironment } from './in-environment.js'

truthInThisEnvironment()

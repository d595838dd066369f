import { openCustomerWindow } from '../../../peer-agent/window/window.ts'
import { SHARING } from './screens.ts'

/** An agent of its own process with a window, for tests that kill it. Arguments: display, the page's folder. */
const window = await openCustomerWindow({
  language: 'en',
  monitor: { x: 0, y: 0, width: 1366, height: 768 },
  display: process.argv[2]!,
  pageFolder: process.argv[3]!,
})
window.show(SHARING)
process.send?.('shown')

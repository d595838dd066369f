import { loadBuiltPage } from '../../../peer-agent/window/built-page.ts'
import { startWindowServer } from '../../../peer-agent/window/server.ts'
import { SHARING } from './screens.ts'

/** An agent of its own process that shows a running session, for tests that kill it. Arguments: the page's folder. */
const server = await startWindowServer(await loadBuiltPage(process.argv[2]), 'en', {
  action: () => undefined,
  page: () => undefined,
})
server.send({ t: 'screen', screen: SHARING })
process.send?.(server.issueEntrance())

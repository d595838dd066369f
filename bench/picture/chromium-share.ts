import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Page } from 'playwright-core'
import { CHROMIUM_ARGS } from '../../deploy/stage/expert.ts'
import type { XServer } from '../../test/fixtures/x-server.ts'
import { startedWith } from './process-load.ts'
import type { System } from './system.ts'
import { VIEWER_SIZE, type Viewer } from './viewer.ts'

/**
 * Chromium on the same X server shares its whole screen with getDisplayMedia over an RTCPeerConnection, both as they
 * come. It can only be looked at.
 */
export async function openChromiumShare(x: XServer, viewer: Viewer): Promise<System> {
  // A page may ask for the screen only where it came from a secure place, such as the loopback address.
  const pages = createServer((_request, answer) => answer.end('<title>share</title>')).listen(0, '127.0.0.1')
  await once(pages, 'listening')
  const mark = `--lotse-bench-share=${process.pid}`
  const sharer = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: false,
    env: { ...process.env, DISPLAY: x.display, LANG: 'en_US.UTF-8', LANGUAGE: 'en' },
    args: [
      ...CHROMIUM_ARGS,
      '--lang=en',
      '--auto-select-desktop-capture-source=Entire screen',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      mark,
    ],
  })
  const sender = await sharer.newPage({ viewport: null })
  await sender.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
  const context = await viewer.browser.newContext({ viewport: VIEWER_SIZE })
  const page = await context.newPage()
  await page.setContent('<body style="margin:0"><video id="shared" autoplay muted></video></body>')
  await connectPages(sender, page)
  await page.waitForFunction(
    (width) => document.querySelector('video')!.videoWidth === width,
    VIEWER_SIZE.width,
    {
      timeout: 30_000,
    },
  )
  return {
    page,
    eyes: page,
    subject: { selector: '#shared' },
    becomesExact: false,
    senders: [startedWith(process.pid, mark)],
    async close() {
      await context.close()
      await sharer.close()
      pages.close()
    },
  }
}

/** Offer and answer pass through here whole, with every candidate in them. */
async function connectPages(sender: Page, viewer: Page): Promise<void> {
  const offer = await sender.evaluate(async () => {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { width: 1920, height: 1080, frameRate: 30 },
    })
    const peer = new RTCPeerConnection()
    Object.assign(globalThis, { peer, stream })
    for (const track of stream.getTracks()) peer.addTrack(track, stream)
    await peer.setLocalDescription()
    if (peer.iceGatheringState !== 'complete')
      await new Promise<void>((resolve) =>
        peer.addEventListener('icecandidate', ({ candidate }) => candidate ?? resolve()),
      )
    return peer.localDescription!.sdp
  })
  const answer = await viewer.evaluate(async (sdp) => {
    const peer = new RTCPeerConnection()
    Object.assign(globalThis, { peer })
    peer.ontrack = ({ streams }) => {
      document.querySelector('video')!.srcObject = streams[0]!
    }
    await peer.setRemoteDescription({ type: 'offer', sdp })
    await peer.setLocalDescription()
    if (peer.iceGatheringState !== 'complete')
      await new Promise<void>((resolve) =>
        peer.addEventListener('icecandidate', ({ candidate }) => candidate ?? resolve()),
      )
    return peer.localDescription!.sdp
  }, offer)
  await sender.evaluate(
    (sdp) =>
      (globalThis as unknown as { peer: RTCPeerConnection }).peer.setRemoteDescription({
        type: 'answer',
        sdp,
      }),
    answer,
  )
}

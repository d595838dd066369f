/** Lets the left button drag the contents of a scrolling element. Returns its own undo. */
export function dragToPan(room: HTMLElement): () => void {
  let from: { x: number; y: number; left: number; top: number } | null = null

  const down = (event: PointerEvent) => {
    const scrolls = room.scrollWidth > room.clientWidth || room.scrollHeight > room.clientHeight
    const onBars = event.offsetX > room.clientWidth || event.offsetY > room.clientHeight
    if (event.button !== 0 || !scrolls || (event.target === room && onBars)) return
    from = { x: event.clientX, y: event.clientY, left: room.scrollLeft, top: room.scrollTop }
    room.setPointerCapture(event.pointerId)
    room.classList.add('panning')
  }
  const move = (event: PointerEvent) => {
    if (!from) return
    room.scrollLeft = from.left - (event.clientX - from.x)
    room.scrollTop = from.top - (event.clientY - from.y)
  }
  const up = () => {
    from = null
    room.classList.remove('panning')
  }

  room.addEventListener('pointerdown', down)
  room.addEventListener('pointermove', move)
  room.addEventListener('lostpointercapture', up)
  return () => {
    room.removeEventListener('pointerdown', down)
    room.removeEventListener('pointermove', move)
    room.removeEventListener('lostpointercapture', up)
  }
}

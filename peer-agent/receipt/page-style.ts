/**
 * For reading on a screen and on paper: large, plain, black on white, nothing loaded from anywhere. Which of the two
 * sentences about the countersignature is seen hangs on the data block that stands before them.
 */
export const PAGE_STYLE = `
:root { color-scheme: light; font-size: 125%; }
body { margin: 0 auto; max-width: 38rem; padding: 1.5rem 1.2rem 3rem; background: #fff; color: #12232c;
  font-family: system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; line-height: 1.45; }
h1 { margin: 0 0 0.5rem; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2rem 0 0.5rem; padding-top: 0.8rem; border-top: 0.1rem solid #5b7480; font-size: 1.2rem; line-height: 1.25; }
p, dl, ol { margin: 0 0 0.8rem; }
dl { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: 0.35rem 1rem; }
dt { color: #43565f; }
dd { margin: 0; font-weight: 600; }
dd, li, p { overflow-wrap: anywhere; }
ol { padding: 0; list-style: none; }
li { display: grid; grid-template-columns: 6rem 1fr; gap: 0.35rem 1rem; padding: 0.3rem 0; }
li time { color: #43565f; font-variant-numeric: tabular-nums; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.9em; font-weight: 400; overflow-wrap: anywhere; }
.ask { padding: 0.9rem 1rem; border: 0.12rem solid #0b566f; border-radius: 0.6rem; }
script[data-countersigned="yes"] ~ main .without, script[data-countersigned="no"] ~ main .with { display: none; }
@media (max-width: 26rem) { dl, li { grid-template-columns: 1fr; gap: 0; } dd, li { margin-bottom: 0.5rem; } }
@media print { :root { font-size: 100%; } body { max-width: none; padding: 0; }
  h2 { break-after: avoid; } li, dd, .ask { break-inside: avoid; } @page { margin: 18mm; } }
`

/** The style of the page: light, dark, narrow and printed. Every pair of colors has a contrast of at least 4.5. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --page: #ffffff; --soft: #f6f8fa; --line: #d1d9e0; --dim: #59636e; --good: #116329; --bad: #b3141d; --unsure: #7d4e00; --bad-soft: #ffebe9; --unsure-soft: #fff8c5; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --page: #0d1117; --soft: #151b23; --line: #3d444d; --dim: #a5b0bb; --good: #56d364; --bad: #ff938a; --unsure: #e3b341; --bad-soft: #3a1618; --unsure-soft: #332a0d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0 .5rem; overflow-wrap: anywhere; }
.honored, .allowed, .held { color: var(--good); }
.denied { color: var(--dim); }
.broken { color: var(--bad); }
.unjudged { color: var(--unsure); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; margin: .5rem 0; padding: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.scroll { position: relative; overflow: auto; max-height: 80vh; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: separate; border-spacing: 0; min-width: 100%; }
th, td { padding: .35rem .6rem; border: 0 solid var(--line); border-width: 0 1px 1px 0; text-align: center; }
tr > :last-child { border-right-width: 0; }
tbody tr:last-child > * { border-bottom-width: 0; }
th { background: var(--soft); font: .8125rem/1.3 ui-monospace, monospace; }
thead th { position: sticky; top: 0; z-index: 1; max-width: 14rem; vertical-align: bottom; }
th[scope=row], thead th:first-child { text-align: left; position: sticky; left: 0; max-width: 26rem; }
thead th:first-child { z-index: 2; }
td.broken { background: var(--bad-soft); font-weight: 700; }
td.unjudged { background: var(--unsure-soft); font-weight: 700; }
td a { display: block; color: inherit; }
summary > span:last-child { color: var(--text); }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; }
summary { cursor: pointer; padding: .5rem .75rem; overflow-wrap: anywhere; }
summary b { font: 700 .875rem/1.4 ui-monospace, monospace; color: var(--text); }
.cell { padding: 0 .75rem .75rem; color: var(--text); scroll-margin-top: 4rem; }
pre, code { font: .8125rem/1.5 ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; margin: .25rem 0 .5rem; padding: .5rem .75rem; overflow-x: auto; }
code { background: var(--soft); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
@media (max-width: 40rem) { body { padding: 1rem .75rem 3rem; } th[scope=row], thead th:first-child { max-width: 9rem; } thead th { max-width: 8rem; } th, td { padding: .3rem .4rem; } }
@media print { :root { color-scheme: light; --text: #000000; --page: #ffffff; --soft: #f2f2f2; --line: #999999; --dim: #444444; --good: #0b4d1f; --bad: #9a0f17; --unsure: #5c3a00; --bad-soft: #ffffff; --unsure-soft: #ffffff; } body { max-width: none; padding: 0; font-size: 10pt; } .scroll { max-height: none; overflow: visible; } th { position: static; } details { break-inside: avoid; } details::details-content { content-visibility: visible; height: auto; } pre { white-space: pre-wrap; overflow-wrap: anywhere; } }
`

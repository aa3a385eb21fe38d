"""How the page looks: on a screen, light or dark, and on paper."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #4d5661; --paper: #ffffff;
  --soft: #f3f5f7; --rule: #c9d0d8; --link: #0b57a4; --good: #0b6b3a; --bad: #9b1c1c;
  --mixed: #7a4b00; --none: #4d5661; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --quiet: #b0b8c1; --paper: #14181c;
  --soft: #1f252b; --rule: #434c56; --link: #8ec2ff; --good: #7fdca4; --bad: #ff9f9f;
  --mixed: #f0c078; --none: #b0b8c1; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem 1.25rem 3rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.45 system-ui, "Segoe UI", Arial, "Liberation Sans", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 0.5rem; padding-top: 0.5rem;
  border-top: 2px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.2rem 0 0.4rem; }
p, ul, ol { margin: 0.4rem 0; }
ul, ol { padding-left: 1.3rem; }
li { margin: 0.2rem 0; }
a { color: var(--link); }
cite { font-style: normal; }
.notice { font-weight: 600; border-left: 4px solid var(--mixed); padding-left: 0.6rem; }
.profile { background: var(--soft); padding: 0.6rem 0.8rem; border-radius: 0.3rem; }
.small { font-size: 0.85rem; font-weight: 400; color: var(--quiet); }
.word { font-weight: 700; white-space: nowrap; }
.supported { color: var(--good); }
.not-supported { color: var(--bad); }
.conflicting { color: var(--mixed); }
.no-direct-evidence { color: var(--none); }
.scrolls { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 42rem; margin: 0.5rem 0;
  font-size: 0.92rem; }
caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem 0.35rem 0;
  border-bottom: 1px solid var(--rule); overflow-wrap: break-word; }
thead th { border-bottom: 2px solid var(--rule); font-size: 0.85rem; color: var(--quiet); }
tbody th { font-weight: 600; min-width: 8rem; }
td { min-width: 5.5rem; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; color: var(--link); padding: 0.15rem 0; }
details > :not(summary) { margin-left: 1rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
figure { margin: 0.8rem 0; background: #ffffff; border-radius: 0.3rem; overflow-x: auto; }
figure svg { display: block; max-width: 100%; height: auto; }
footer { margin-top: 2.5rem; border-top: 2px solid var(--rule); font-size: 0.85rem;
  color: var(--quiet); }
@page { size: A4; margin: 14mm; }
@media print {
  :root { color-scheme: light; --ink: #000000; --quiet: #333333; --paper: #ffffff; --soft: #f3f5f7;
    --rule: #999999; --link: #000000; --good: #0b6b3a; --bad: #9b1c1c; --mixed: #7a4b00;
    --none: #333333; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  table { min-width: 0; }
  h2, h3, caption, summary { break-after: avoid; }
  tr, figure, li { break-inside: avoid; }
  thead { display: table-header-group; }
  details:not([open]) { display: none; }
  .scrolls { overflow: visible; }
}
"""

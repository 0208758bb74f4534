"""How a card looks: the same in the book, in JupyterLab, and in a notebook made into HTML.

Colours and fonts are those of the page, where it has them.
"""

STYLE = """
.bn-card, .bd-article div.bn-card { margin: 1.5rem 0; padding: 1rem 1.15rem .6rem;
  border-radius: .6rem; max-width: 56rem; border: 1px solid var(--pst-color-border, #8886);
  border-top: 3px solid var(--pst-color-primary, #0f6f6a); break-inside: avoid;
  background: var(--pst-color-on-background, transparent); }
.bn-card-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .6rem;
  margin-bottom: .4rem; font-size: .9em; color: var(--pst-color-text-muted, inherit); }
.bn-card-head > :nth-child(n + 2) { margin-left: auto; }
.bn-claim > p { font-family: var(--bn-serif, inherit); font-size: 1.12em; margin: 0 0 .4rem; }
.bn-findings { container-type: inline-size; }
.bn-findings table { width: 100%; margin: 0; border-collapse: collapse; font-size: .9em;
  font-variant-numeric: tabular-nums; }
.bn-findings :is(th, td) { padding: .35rem .5rem .35rem 0; text-align: left; border: 0;
  vertical-align: middle; background: none; }
.bn-findings tr { background: none; border-top: 1px solid var(--pst-color-border, #8886); }
.bn-findings thead tr { border: 0; }
.bn-findings thead th { padding-block: 0 .2rem; font-size: .85em; font-weight: 400;
  color: var(--pst-color-text-muted, inherit); }
.bn-findings .bn-judged { padding-right: 0; text-align: right; }
.bn-findings thead th:last-child { text-align: right; padding-right: 0; }
.bn-findings .bn-drawn { width: 250px; }
.bn-findings .bn-unit { display: block; font-size: .8em;
  color: var(--pst-color-text-muted, inherit); }
.bn-drawing { display: block; max-width: 100%; height: auto; overflow: visible; }
.bn-drawing text { fill: var(--pst-color-text-muted, currentColor);
  font-family: var(--pst-font-family-base, sans-serif); }
.bn-drawing .bn-claimed { fill: var(--pst-color-primary, #0f6f6a); }
.bn-drawing .bn-axis { stroke: var(--pst-color-text-muted, #888); }
.bn-drawing .bn-bound { stroke: var(--pst-color-text-base, #666); stroke-width: 1.5; }
.bn-drawing .bn-interval { stroke: var(--pst-color-primary, #0f6f6a); stroke-linecap: round; }
.bn-drawing .bn-effect { fill: var(--pst-color-secondary, #a24a08);
  stroke: var(--pst-color-on-background, #fff); stroke-width: 1.5; }
.bn-findings .bn-small { margin: .15rem 0; font-size: .8em; overflow-wrap: anywhere;
  color: var(--pst-color-text-muted, inherit); }
.bn-card .bn-note { margin: .5rem 0 .3rem; font-size: .92em; overflow-wrap: anywhere; }
@container (min-width: 43.01rem) {
  .bn-findings .bn-number { white-space: nowrap; }
  .bn-findings .bn-unit { white-space: normal; }
  .bn-findings .bn-drawing { min-width: 200px; }
}
@container (max-width: 43rem) {
  .bn-findings :is(table, tbody) { display: block; }
  .bn-findings thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
    overflow: hidden; white-space: nowrap; }
  .bn-findings tbody tr { display: flex; flex-wrap: wrap; align-items: baseline;
    gap: .15rem 1.2rem; padding: .45rem 0; }
  .bn-findings tbody :is(th, td) { display: inline-flex; flex-wrap: wrap; gap: 0 .4rem; padding: 0;
    white-space: normal; min-width: 0; max-width: 100%; }
  .bn-findings tbody th { order: -2; flex: 1 0 calc(100% - 9rem); }
  .bn-findings .bn-judged { order: -1; }
  .bn-findings .bn-number::before { content: attr(data-title);
    color: var(--pst-color-text-muted, inherit); }
  .bn-findings .bn-unit { display: inline; font-size: inherit; color: inherit; }
  .bn-findings .bn-drawn { flex: 1 0 100%; width: auto; }
}
@media (forced-colors: active) {
  .bn-drawing { forced-color-adjust: none; }
  .bn-drawing :is(.bn-axis, .bn-bound, .bn-interval) { stroke: CanvasText; }
  .bn-drawing .bn-effect { fill: Highlight; stroke: Canvas; }
  .bn-drawing .bn-claimed { fill: CanvasText; }
  .bn-drawing text { fill: CanvasText; }
}
"""

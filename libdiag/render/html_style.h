// The style and the script of the HTML report, each a constant: the page's Content-Security-Policy
// allows exactly these two by their hash, so that nothing else in the page could ever run.
// tests/render/html_check.py computes the hashes and the contrast of the colours.
#pragma once

#include <string_view>

namespace ngxdiag::render {

inline constexpr std::string_view kHtmlStyle = R"css(
:root { color-scheme: light dark; --page: #f4f5f7; --card: #ffffff; --text: #1b1f24; --dim: #57606a;
  --line: #d0d7de; --code: #eef1f4; --link: #0b5cad; --critical: #b3261e; --warning: #7a4f00;
  --ok: #1a6b35; --unknown: #0b5c8a; --info: #57606a; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1317; --card: #171c22; --text: #e6e9ec;
  --dim: #a3adb8; --line: #343c45; --code: #222932; --link: #7cb8f2; --critical: #ff8f85;
  --warning: #f0c04c; --ok: #7dd28f; --unknown: #7cc4f0; --info: #a3adb8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 16px; padding-bottom: 12px; }
h1 { font-size: 21px; line-height: 1.3; margin: 0 0 2px; text-wrap: balance; }
h2 { font-size: 17px; line-height: 1.3; margin: 0 0 8px; }
h3 { font-size: 15px; margin: 14px 0 6px; }
p { margin: 0 0 8px; }
a { color: var(--link); overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 1px 10px; margin-right: 8px; border-radius: 4px;
  color: var(--card); font-size: 16px; letter-spacing: .04em; }
.badge-critical { background: var(--critical); } .badge-warning { background: var(--warning); }
.badge-ok { background: var(--ok); } .badge-unknown { background: var(--unknown); }
.critical { color: var(--critical); } .warning { color: var(--warning); } .info { color: var(--info); }
.dim { color: var(--dim); } .small { font-size: 13px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  padding: 14px 18px; margin: 0 0 14px; min-width: 0; }
.story { display: grid; grid-template-columns: minmax(0, 11fr) minmax(0, 10fr); gap: 0 14px; align-items: start; }
ul, ol { margin: 0 0 8px; padding-left: 22px; }
.chain { list-style: none; padding-left: 0; } .chain .chain { margin-bottom: 0; }
.chain li { position: relative; padding-left: 20px; }
.chain li::before { content: "\2192"; position: absolute; left: 0; color: var(--link); }
.chain li, .plain li { margin-bottom: 2px; }
.fix > li { margin-bottom: 14px; } .fix > li::marker { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 10px; margin: 6px 0 0;
  font-size: 13px; } dt { color: var(--dim); } dd { margin: 0; }
code, pre { font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; }
.command { position: relative; margin: 4px 0; }
.command pre { margin: 0; padding: 5px 9px; background: var(--code); border-radius: 4px; white-space: pre-wrap;
  overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
.command button { position: absolute; top: 2px; right: 2px; font: 11px/1.4 system-ui, sans-serif; padding: 1px 7px;
  color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 3px; cursor: pointer; }
.command.with-button pre { padding-right: 58px; }
dd .command { margin: 0; }
.table, .drawing { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-top: 1px solid var(--line); }
th { font-size: 13px; color: var(--dim); font-weight: 600; border-top: 0; white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 52px; } td.wide { min-width: 230px; }
td.number, td.keep { white-space: nowrap; overflow-wrap: normal; }
.excerpt { display: block; margin-top: 2px; color: var(--dim); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
svg { display: block; min-width: 720px; width: 100%; height: auto; font: 12px system-ui, -apple-system, "Segoe UI",
  Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
svg text { fill: var(--text); } svg .axis { stroke: var(--line); stroke-width: 1; } svg .tick { fill: var(--dim); }
svg .reload { fill: var(--link); } svg .death { fill: var(--critical); } svg .killed { fill: var(--warning); }
svg .failed { stroke: var(--critical); stroke-width: 2; fill: none; } svg .renewed { fill: var(--ok); }
svg .other { fill: var(--dim); } svg .leaving { fill: var(--warning); opacity: .55; } svg .processes { fill: var(--dim); opacity: .55; }
svg .row { fill: var(--dim); font-size: 10.5px; }
details { margin: 0 0 6px; } summary { cursor: pointer; font-weight: 600; }
summary:focus-visible, a:focus-visible, .drawing:focus-visible, .table:focus-visible, button:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px; }
footer { padding-bottom: 24px; }
@media (max-width: 860px) { header, main, footer { padding-left: 12px; padding-right: 12px; }
  section { padding: 12px 12px; } .story { grid-template-columns: minmax(0, 1fr); } h1 { font-size: 18px; } }
@media (max-width: 520px) { dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: 4px; } td.wide { min-width: 150px; } }
@media print { .paper::details-content { content-visibility: visible; block-size: auto; }
   :root { --page: #ffffff; --card: #ffffff; --text: #000000; --dim: #444444; --line: #bbbbbb;
  --code: #f3f3f3; --link: #0b5cad; --critical: #b3261e; --warning: #7a4f00; --ok: #1a6b35; --unknown: #0b5c8a;
  --info: #444444; } .command button { display: none; } .story { display: block; } svg { min-width: 0; }
  section { break-inside: auto; border-color: #bbbbbb; } .command, tr, li { break-inside: avoid; }
  .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

// Adds a button to each command. Without it a click on a command selects the whole of it.
inline constexpr std::string_view kHtmlScript = R"js(
"use strict";
if (navigator.clipboard) for (const box of document.querySelectorAll(".command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", () => navigator.clipboard.writeText(box.querySelector("pre").textContent).then(
    () => { button.textContent = "Copied"; setTimeout(() => { button.textContent = "Copy"; }, 1500); },
    () => { button.textContent = "Select it"; }));
  box.classList.add("with-button");
  box.append(button);
}
)js";

inline constexpr std::string_view kHtmlStyleHash =
    "sha256-2aP10Kl09JZw6e3FtKhwMgCaWeyjd7sCdmPZ+WUfyBA=";
inline constexpr std::string_view kHtmlScriptHash =
    "sha256-wEWuAkiNcv+Sf21b+LsoCavei7G4K/63+vl776ZLwe0=";

}  // namespace ngxdiag::render

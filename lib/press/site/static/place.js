// Where a reader is on a page: the contents follow the text, and a switch of language stays at the same heading.
// Without it the contents are a list of links, and a switch of language opens the other page at its top.
"use strict";
(() => {
  const headings = [...document.querySelectorAll("article :is(h1, h2, h3, tr)[id]")];
  const LINE = 0.25; // of the window's height: what has passed this line is being read

  const current = (marks) => {
    const passed = marks.filter((mark) => mark.getBoundingClientRect().top <= innerHeight * LINE);
    return passed[passed.length - 1];
  };

  // The contents mark the section that is being read.
  const links = [...document.querySelectorAll(".contents a")];
  const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))).filter(Boolean);
  let due = false;
  function follow() {
    due = false;
    const here = current(sections)?.id;
    for (const link of links) {
      if (here && link.hash === `#${here}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  function soon() {
    if (!due) requestAnimationFrame(follow);
    due = true;
  }
  if (sections.length) {
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon, { passive: true });
    soon();
  }

  // The switch of language stands at the top: whoever scrolls up to it means the place where they were reading.
  const isAway = () => scrollY > innerHeight / 2;
  let place = location.hash.slice(1);
  addEventListener("hashchange", () => { place = location.hash.slice(1); });
  addEventListener("scrollend", () => { if (isAway()) place = current(headings)?.id ?? place; });

  // Both languages have the same ids: the other page opens at the heading or row that is being read.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".languages a");
    if (link) link.hash = (isAway() && current(headings)?.id) || place || location.hash;
  });
})();

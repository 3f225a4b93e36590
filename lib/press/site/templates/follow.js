// An address that is always current, on a store without links: leads to the same page of the current release.
"use strict";
(async () => {
  const { root, page } = document.currentScript.dataset;
  const { current } = await (await fetch(`${root}versions.json`, { cache: "no-cache" })).json();
  const there = `${root}releases/${current}/`;
  const found = await fetch(there + page, { method: "HEAD" });
  location.replace(there + (found.ok ? page + location.search + location.hash : "index.html"));
})();

// Links to corrections for whoever is at work in the admin (bettelheim_site/at_work.py).
const flag = document.cookie.match(/(?:^|; )at-work=([^;]*)/)?.[1];
if (flag) import("./correct/links.js").then(({ link }) => link(flag));

// Whoever is logged in to the admin gets links to the correction of each text. The admin's cookie says who that is
// (bettelheim_site/at_work.py): the page is the same for everybody, and only then is more loaded.
const flag = document.cookie.match(/(?:^|; )at-work=([^;]*)/)?.[1];
if (flag) import("./correct/links.js").then(({ link }) => link(flag));

// A link that leads to something inside a closed solution opens it first.
const openTarget = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  document.getElementById(id)?.closest("details")?.setAttribute("open", "");
};
addEventListener("hashchange", openTarget);
addEventListener("DOMContentLoaded", openTarget);

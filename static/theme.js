// Before the first paint, so that a chosen theme never flashes the other one, and nothing that needs a script shows without one.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (error) { /* storage switched off: the system's theme it is */ }
})();

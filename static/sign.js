// A signature drawn with mouse, pen or finger: <canvas data-draws="id of the hidden field">. The typed name suffices without it.
(() => {
  const canvas = document.querySelector("canvas[data-draws]");
  if (!canvas) return;
  const field = document.getElementById(canvas.dataset.draws);
  const pen = canvas.getContext("2d");
  let drawing = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * (canvas.width / box.width), (event.clientY - box.top) * (canvas.height / box.height)];
  };
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#10233f";
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    drawing = false;
    field.value = canvas.toDataURL("image/png");
  });
  document.querySelector("[data-draws-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
})();

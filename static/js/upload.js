/* Files beside a section go one by one, with progress; one that fails leaves the others kept. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-writing]');
  if (!form || !window.FormData) return;
  var words = form.dataset;

  function send(box, input, files, faults) {
    var file = files.shift();
    if (!file) { end(box, faults); return; }
    var id = box.dataset.files, data = new FormData(), call = new XMLHttpRequest();
    var told = box.querySelector('[data-progress]');
    data.append(id + '-files', file, file.name);
    data.append('tab', form.querySelector('[name=tab]').value);
    data.append('csrfmiddlewaretoken', form.querySelector('[name=csrfmiddlewaretoken]').value);
    call.open('POST', box.querySelector('[data-upload]').getAttribute('formaction'));
    call.setRequestHeader('HX-Request', 'true');
    call.upload.onprogress = function (event) {
      if (!event.lengthComputable) return;
      var share = Math.floor(event.loaded / event.total * 100);
      told.textContent = words.sending.replace('%f', file.name).replace('%p', share);
    };
    call.onloadend = function () {
      var answer = null;
      try { answer = JSON.parse(call.responseText); } catch (error) { answer = null; }
      if (call.status === 200 && answer) {
        box.querySelector('[data-list]').innerHTML = answer.list;
        faults = faults.concat(answer.faults);
      } else {
        faults.push(answer && answer.message ? answer.message : words.broken.replace('%f', file.name));
      }
      send(box, input, files, faults);
    };
    call.send(data);
  }
  function end(box, faults) {
    var list = box.querySelector('[data-faults]'), live = document.getElementById('live');
    list.textContent = '';
    faults.forEach(function (fault) {
      var item = document.createElement('li');
      item.textContent = fault;
      list.appendChild(item);
    });
    list.hidden = !faults.length;
    box.classList.toggle('bad', !!faults.length);
    box.querySelector('[data-progress]').textContent = '';
    if (live) live.textContent = faults.join('\n');
    var input = box.querySelector('input[type=file]');
    input.value = '';
    input.disabled = false;
    input.focus();
  }

  Array.prototype.forEach.call(form.querySelectorAll('[data-upload]'), function (button) { button.hidden = true; });
  form.addEventListener('change', function (event) {
    var input = event.target, box = input.closest('[data-files]');
    if (input.type !== 'file' || !box || !input.files.length) return;
    var files = Array.prototype.slice.call(input.files);
    input.disabled = true;
    send(box, input, files, []);
  });
})();

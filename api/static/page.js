// The page is complete without this file; it adds keys, focus and copying. ES2019, no libraries.
(function () {
  'use strict';

  var form = document.getElementById('form');
  var box = document.getElementById('text');
  var submit = form.querySelector('button[type=submit]');
  var waiting = document.getElementById('waiting');
  var result = document.getElementById('result');

  document.documentElement.classList.add('scripted');

  box.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit.click();
    }
  });

  form.addEventListener('submit', function (event) {
    if (box.value.trim() === '') {
      event.preventDefault();
      waiting.textContent = '请先粘贴要研判的文字。';
      box.focus();
      return;
    }
    waiting.textContent = '正在研判…';
    submit.disabled = true;
  });

  window.addEventListener('pageshow', function () {
    waiting.textContent = '';
    submit.disabled = false;
  });

  // Deleting by command, so that Ctrl+Z brings the text back.
  document.getElementById('clear').addEventListener('click', function (event) {
    event.preventDefault();
    box.focus();
    box.select();
    document.execCommand('delete');
    if (result) {
      result.remove();
      result = null;
    }
    waiting.textContent = '已清空，按 Ctrl+Z 可恢复文字。';
  });

  document.getElementById('sample').addEventListener('click', function (event) {
    if (box.value.trim() !== '' && !window.confirm('示例将替换框中的文字，是否继续？')) {
      event.preventDefault();
    }
  });

  // navigator.clipboard is undefined on plain HTTP.
  function copy(rows) {
    var area = document.createElement('textarea');
    area.value = rows;
    area.setAttribute('readonly', '');
    area.className = 'offscreen';
    document.body.appendChild(area);
    area.select();
    var done = false;
    try {
      done = document.execCommand('copy');
    } catch (error) {
      done = false;
    }
    area.remove();
    return done;
  }

  function selectAll() {
    var rows = document.getElementById('rows');
    rows.closest('details').open = true;
    rows.focus();
    rows.select();
  }

  Array.prototype.forEach.call(document.querySelectorAll('button.copy'), function (button) {
    button.addEventListener('click', function () {
      var rows = button.getAttribute('data-rows');
      var message = button.parentNode.querySelector('.message');
      if (copy(rows)) {
        message.textContent = '已复制 ' + rows.split('\n').length + ' 行，可粘贴到台账。';
        button.focus();
      } else {
        message.textContent = '浏览器不允许自动复制，已选中台账行，请按 Ctrl+C。';
        selectAll();
      }
    });
  });
})();

// The page of one picture: the file is seen before it is sent, and its focal point moves by click and by key.
'use strict';
document.addEventListener('DOMContentLoaded', () => {
    const desk = document.querySelector('.picture-desk');
    if (!desk) {
        return;
    }
    const {draw, look, propose, listen, put} = window.newsroomPictures;
    const [across, down, input] = ['focal_x', 'focal_y', 'file'].map((name) => document.getElementById(`id_${name}`));
    const whole = desk.querySelector('.picture-whole');
    const point = desk.querySelector('.picture-point');
    const where = desk.querySelector('.picture-where');
    const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

    const within = (value) => Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0.5));
    const percent = (value) => `${Math.round(value * 100)} %`;

    const show = () => {
        const [x, y] = [across, down].map((field) => within(parseFloat(field.value)));
        point.style.left = `${x * 100}%`;
        point.style.top = `${y * 100}%`;
        // In tenths, as the site itself crops.
        const position = `${Math.round(x * 10) * 10}% ${Math.round(y * 10) * 10}%`;
        for (const crop of desk.querySelectorAll('.picture-crops img')) {
            crop.style.objectPosition = position;
        }
        where.textContent = `${percent(x)} from the left, ${percent(y)} from the top`;
    };

    const move = (x, y) => {
        across.value = within(x).toFixed(2).replace(/0$/, '');
        down.value = within(y).toFixed(2).replace(/0$/, '');
        show();
    };

    const showFile = async (file) => {
        const canvas = await draw(file, 800);
        const address = canvas ? canvas.toDataURL('image/jpeg', 0.85) : '';
        for (const image of canvas ? desk.querySelectorAll('img') : []) {
            image.src = address;
        }
        desk.querySelector('.picture-none').hidden = Boolean(canvas);
        desk.querySelector('.picture-parts').hidden = !canvas;
        // Those of the picture that this one will replace.
        desk.querySelector('.picture-widths')?.remove();
    };

    const sayRefusal = (sentence) => {
        document.getElementById('picture-refused')?.remove();
        if (sentence) {
            const list = document.createElement('ul');
            list.id = 'picture-refused';
            list.className = 'errorlist';
            list.setAttribute('role', 'alert');
            list.append(Object.assign(document.createElement('li'), {textContent: sentence}));
            input.closest('.form-row').prepend(list);
        }
    };

    const takeIn = async (file) => {
        const form = input.form;
        const {proposed, refused} = await look(desk.dataset.look, form, file);
        if (input.files[0] !== file) {
            return;
        }
        sayRefusal(refused);
        if (refused) {
            return;
        }
        // Only now: what the server refuses may be made to fill the browser's memory.
        await showFile(file);
        propose(proposed, (name) => form.elements[name]);
        if (!form.elements.read_in) {
            form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'read_in', value: '1'}));
        }
        if (!form.elements.alt_text.value) {
            form.elements.alt_text.focus();
        }
    };

    if (across && across.type === 'number') {
        point.hidden = desk.querySelector('.picture-hint').hidden = false;
        whole.tabIndex = 0;
        whole.setAttribute('role', 'button');
        whole.setAttribute('aria-label', 'Focal point');
        whole.setAttribute('aria-describedby', 'picture-hint');
        whole.addEventListener('click', (event) => {
            const box = whole.getBoundingClientRect();
            move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
        });
        whole.addEventListener('keydown', (event) => {
            const step = STEPS[event.key];
            if (step) {
                const length = event.shiftKey ? 0.1 : 0.01;
                move(parseFloat(across.value) + step[0] * length, parseFloat(down.value) + step[1] * length);
            } else if (event.key === 'Enter' || event.key === ' ') {
                move(0.5, 0.5);
            } else {
                return;
            }
            event.preventDefault();
        });
        across.addEventListener('input', show);
        down.addEventListener('input', show);
        show();
    }

    if (input && input.type === 'file') {
        input.addEventListener('change', () => input.files[0] && takeIn(input.files[0]));
        listen(([file]) => {
            put(input, file);
            takeIn(file);
        });
    }
});

// What all pages that take in pictures share: a small image of a file, and what the file says of itself.
'use strict';
{
    // Words stand at the head of a file; as much as the server reads.
    const HEAD = 1000000;
    // Larger files are not drawn: they may be made to fill the memory, and the server will refuse them.
    const LARGEST_DRAWN = 40e6;

    // A canvas no wider or higher than `side`, or null for what this browser cannot draw.
    const draw = async (file, side) => {
        if (file.size > LARGEST_DRAWN) {
            return null;
        }
        let bitmap;
        try {
            bitmap = await createImageBitmap(file);
        } catch {
            return null;
        }
        const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
        const canvas = document.createElement('canvas');
        canvas.width = Math.max(1, Math.round(bitmap.width * scale));
        canvas.height = Math.max(1, Math.round(bitmap.height * scale));
        canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        bitmap.close();
        return canvas;
    };

    const tokenOf = (form) => form.querySelector('[name=csrfmiddlewaretoken]').value;

    // {proposed: {field: value}, refused: sentence}; nothing of either where the server could not be asked.
    const look = async (address, form, file) => {
        try {
            const response = await fetch(address, {
                method: 'POST',
                headers: {'X-CSRFToken': tokenOf(form), 'Content-Type': 'application/octet-stream'},
                body: file.slice(0, HEAD),
            });
            return await response.json();
        } catch {
            return {proposed: {}, refused: ''};
        }
    };

    // Fills what is empty, or what an earlier file had filled; what somebody typed stays.
    const propose = (proposed, fieldOf) => {
        for (const name of ['alt_text', 'caption', 'credit', 'taken_on', 'rights_note']) {
            const field = fieldOf(name);
            if (field && (field.value === '' || field.value === field.dataset.proposed)) {
                field.value = field.dataset.proposed = proposed[name] || '';
                field.classList.toggle('picture-proposed', field.value !== '');
            }
        }
    };

    const picturesIn = (transfer) => Array.from(transfer ? transfer.files : []);

    // Calls `take` with the files that are dropped or pasted anywhere on the page.
    const listen = (take) => {
        document.addEventListener('dragover', (event) => {
            if (event.dataTransfer.types.includes('Files')) {
                event.preventDefault();
                document.body.classList.add('picture-over');
            }
        });
        document.addEventListener('dragleave', (event) => {
            if (!event.relatedTarget) {
                document.body.classList.remove('picture-over');
            }
        });
        document.addEventListener('drop', (event) => {
            document.body.classList.remove('picture-over');
            const files = picturesIn(event.dataTransfer);
            if (files.length) {
                event.preventDefault();
                take(files);
            }
        });
        document.addEventListener('paste', (event) => {
            const files = picturesIn(event.clipboardData);
            // Word and its like put a picture of the words beside them.
            const isText = event.clipboardData.types.includes('text/plain') && event.target.matches('input, textarea');
            if (files.length && !isText) {
                event.preventDefault();
                take(files);
            }
        });
    };

    const put = (input, file) => {
        const transfer = new DataTransfer();
        transfer.items.add(file);
        input.files = transfer.files;
    };

    window.newsroomPictures = {draw, look, propose, listen, put, tokenOf};
}

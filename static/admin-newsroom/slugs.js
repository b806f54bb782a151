// Slugs as the server makes them: Latin letters become ASCII, those of other scripts stay.
// Takes the place of the one function in Django's urlify.js.
'use strict';
{
    const LETTERS = {
        'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ð': 'd', 'þ': 'th',
        'ı': 'i', 'ŋ': 'ng', 'ħ': 'h', 'ŧ': 't', 'ĸ': 'k', 'ſ': 's', 'ə': 'e',
    };

    window.URLify = function(text, length) {
        const slug = text
            .normalize('NFKC').toLowerCase().normalize('NFD')
            .replace(/(\p{Script=Latin})\p{M}+/gu, '$1').normalize('NFC')
            .replace(/[ßæœøłđðþıŋħŧĸſə]/g, (letter) => LETTERS[letter])
            .replace(/['’‘ʼ`´′\u0640\p{Cf}]/gu, '')
            .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
            .replace(/^-+|-+$/g, '');
        const longest = Math.min(length || 100, 100);
        if (slug.length <= longest) {
            return slug;
        }
        const end = slug.slice(0, longest + 1).lastIndexOf('-');
        return slug.slice(0, end * 2 > longest ? end : longest).replace(/-+$/, '');
    };
}

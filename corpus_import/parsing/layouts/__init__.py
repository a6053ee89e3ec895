"""Reads the layouts that common tools give a text: `pdftotext`, pypdf, pdfminer, MuPDF. All pure.

The stages read the layout of a web page that a browser printed: spaces at the ends of lines, indents, blank lines.
Other tools give the same print without them. The modules here

- find the layout of a witness from the evidence of its lines (`evidence`);
- take the print pages apart (`rows`), and measure the columns by the widths of letters (`widths`);
- tell the regions of the book apart (`regions`), and put lines together into paragraphs (`paragraphs`) and rows of
  tables (`columns`);
- give the lines of the witness the spaces that the stages read (`setting`).

No character of a witness is changed, and every line keeps its offset.
"""

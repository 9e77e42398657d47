"""What the documentation is made from: its pictures, its recording and its manual page."""

"""The words of stories, found by the index of the database: which stories speak of the same as another."""

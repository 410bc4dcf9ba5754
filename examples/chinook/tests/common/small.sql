-- A database of Chinook's shape, with the rows that tell a right report from a wrong one.
CREATE TABLE [Artist] ([ArtistId] INTEGER NOT NULL, [Name] NVARCHAR(120),
    CONSTRAINT [PK_Artist] PRIMARY KEY ([ArtistId]));
CREATE TABLE [Album] ([AlbumId] INTEGER NOT NULL, [Title] NVARCHAR(160) NOT NULL, [ArtistId] INTEGER NOT NULL,
    CONSTRAINT [PK_Album] PRIMARY KEY ([AlbumId]));
CREATE TABLE [Genre] ([GenreId] INTEGER NOT NULL, [Name] NVARCHAR(120),
    CONSTRAINT [PK_Genre] PRIMARY KEY ([GenreId]));
-- Chinook promises NOT NULL for the milliseconds; here a test can break the promise.
CREATE TABLE [Track] ([TrackId] INTEGER NOT NULL, [Name] NVARCHAR(200) NOT NULL, [AlbumId] INTEGER, [GenreId] INTEGER,
    [Milliseconds] INTEGER, [UnitPrice] NUMERIC(10,2) NOT NULL DEFAULT 0.99,
    CONSTRAINT [PK_Track] PRIMARY KEY ([TrackId]));
CREATE TABLE [Playlist] ([PlaylistId] INTEGER NOT NULL, [Name] NVARCHAR(120),
    CONSTRAINT [PK_Playlist] PRIMARY KEY ([PlaylistId]));
CREATE TABLE [PlaylistTrack] ([PlaylistId] INTEGER NOT NULL, [TrackId] INTEGER NOT NULL,
    CONSTRAINT [PK_PlaylistTrack] PRIMARY KEY ([PlaylistId], [TrackId]));
CREATE TABLE [Employee] ([EmployeeId] INTEGER NOT NULL, [LastName] NVARCHAR(20) NOT NULL,
    [FirstName] NVARCHAR(20) NOT NULL, [ReportsTo] INTEGER,
    CONSTRAINT [PK_Employee] PRIMARY KEY ([EmployeeId]));
CREATE TABLE [Customer] ([CustomerId] INTEGER NOT NULL, [LastName] NVARCHAR(20) NOT NULL, [SupportRepId] INTEGER,
    CONSTRAINT [PK_Customer] PRIMARY KEY ([CustomerId]));
CREATE TABLE [Invoice] ([InvoiceId] INTEGER NOT NULL, [CustomerId] INTEGER NOT NULL, [Total] NUMERIC(10,2) NOT NULL,
    CONSTRAINT [PK_Invoice] PRIMARY KEY ([InvoiceId]));

-- Not in the order of their keys; one without a name, one without albums, names that CSV must quote.
INSERT INTO Artist VALUES (30, NULL), (2, 'Antônio "Tom" Jobim'), (1, 'AC/DC'), (7, ''), (9, 'Guns N'' Roses, live');
INSERT INTO Album VALUES (1, 'One', 1), (2, 'Two', 1), (3, 'Empty', 2), (4, 'Three', 30), (5, 'Four', 7);
INSERT INTO Genre VALUES (1, 'Rock'), (2, 'Jazz'), (3, NULL);
-- A genre on two albums counts once; one track without a genre, one without an album.
INSERT INTO Track (TrackId, Name, AlbumId, GenreId, Milliseconds) VALUES
    (1, 'a', 1, 1, 2000000000), (2, 'b', 1, 2, 2000000000), (3, 'c', 2, 1, 3), (4, 'd', 4, NULL, 4), (5, 'e', 4, 3, 5),
    (6, 'f', NULL, 1, 6), (7, 'g', 5, 3, 7);
-- Tracks on several playlists, a playlist without any, two of one name.
INSERT INTO Playlist VALUES (1, 'Music'), (2, 'Empty'), (3, 'Music'), (5, NULL);
INSERT INTO PlaylistTrack VALUES (1, 1), (1, 2), (1, 3), (3, 2), (3, 1), (5, 6);
-- A head, a middle, two who share a manager; customers and invoices without anybody.
INSERT INTO Employee VALUES (1, 'Adams', 'Andrew', NULL), (2, 'Edwards', 'Nancy', 1), (3, 'Peacock', 'Jane', 2),
    (4, 'Park', 'Margaret', 2);
INSERT INTO Customer VALUES (1, 'Gonçalves', 3), (2, 'Köhler', 3), (3, 'Tremblay', 4), (4, 'Hansen', NULL);
-- Stored as floats and as integers, whichever fits: the sums of floats are not these.
INSERT INTO Invoice VALUES (1, 1, 0.1), (2, 1, 0.2), (3, 2, 0.99), (4, 2, 13.86), (5, 3, 2), (6, 3, 1.98), (7, 4, 99.99);

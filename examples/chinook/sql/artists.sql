SELECT Artist.ArtistId,
       Artist.Name,
       count(DISTINCT Album.AlbumId) AS albums,
       count(Track.TrackId) AS tracks,
       coalesce(sum(Track.Milliseconds), 0) AS ms,
       count(DISTINCT Track.GenreId) AS genres
FROM Artist
LEFT JOIN Album ON Album.ArtistId = Artist.ArtistId
LEFT JOIN Track ON Track.AlbumId = Album.AlbumId
GROUP BY Artist.ArtistId
ORDER BY Artist.ArtistId;

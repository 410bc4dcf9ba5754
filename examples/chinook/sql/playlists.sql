SELECT Playlist.PlaylistId,
       Playlist.Name,
       count(Track.TrackId) AS tracks,
       coalesce(sum(Track.Milliseconds), 0) AS ms
FROM Playlist
LEFT JOIN PlaylistTrack ON PlaylistTrack.PlaylistId = Playlist.PlaylistId
LEFT JOIN Track ON Track.TrackId = PlaylistTrack.TrackId
GROUP BY Playlist.PlaylistId
ORDER BY Playlist.PlaylistId;
